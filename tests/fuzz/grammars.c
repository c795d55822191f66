/* The grammars: what a text of each kind looks like, and a little beyond it. */
#include "tests/fuzz/grammar.h"

/* Operator files, Pauli expressions, states, labels. */
static const char operators[] =
"file: qubits~ <size> ` <lines>\n"
"size: 2 | 3 | 4 | 1 | <int> | 2*3 | qubits\n"
"lines: <line> | <line> <lines> | <line> <lines> | <line> <lines>\n"
"line: generator~ <sum> ` | generator~ <sum> ` | observable~ <sum> ` | state~ <state> ` | parameters~ <scalar> ` | symbol~ <name> ` | for~ <name> ~in~ <range> :~ <line> | edges~ <pairs2> ` | #~ <name> ` | `\n"
"pairs2: (0,1) | ( <int> , <int> ) | [(0,1),~(1,2)] | <pairs2> ~ <pairs2> | ( <int> , <int> , <real> )\n"
"range: 0..1 | <scalar> .. <scalar> | 0..qubits-1 | 0..qubits-2 | 1..0\n"
"name: i | j | a | q | qubits | pi | J_1 | Z | in | theta\n"
"scalar: 1 | <int> | <name> | <scalar> + <scalar> | <scalar> - <scalar> | ( <scalar> ) | <scalar> * <scalar> | <scalar> / <scalar> | qubits | - <int> | sqrt( <scalar> ) | <scalar> % <int>\n"
"sum: <term> | <term> ~+~ <sum> | <term> ~-~ <sum> | - <term> | <label> :~ <coeff> | <sum> ,~ <label> : <coeff> | <term> - <term> | <sum> + <scalar>\n"
"term: <string> | <coeff> ~ <string> | <coeff> * <string> | sum( <name> ~in~ <range> :~ <sum> ) | prod( <name> ~in~ <range> :~ <term> ) | ( <sum> ) | <term> * <term> | <term> / <int> | <term> ~@~ <term> | sqrt( <scalar> ) ~ <string> | <coeff> | [ <string> ] | <dense>\n"
"coeff: 1 | <real> | <int> / <int> | - <real> | ( <real> + <real> ) | sqrt(2) | 1/sqrt(2) | <name> | 0.5 | (0.5+0j)\n"
"string: <letter> | <letter> ~ <string> | <letter> @ <string> | <letter> <letter> | I\n"
"letter: X0 | X <int> | Y1 | Z1 | Z { <scalar> } | X ( <scalar> ) | Y [ <scalar> ] | Z2 | Y <int>\n"
"dense: XX | XXI | ZZ | IZ | XYZ | IIII | XYZI\n"
"label: \"XX\" | \" <dense> \" | ' <dense> ' | \"ZI\" | \"IXYZ\" | \"\"\n"
"state: zero | plus | ghz | mixed | bits~ <bits> | stabilizer~ <words> | product~ <vectors> | pauli~1~+~ <sum> | pauli~ <sum>\n"
"bits: 010 | 01 | 0000 | 111 | 2\n"
"words: +ZZI | <sign> <dense> | <sign> <dense> ~ <words> | +XXX~-ZZI\n"
"sign: + | - |\n"
"vectors: 0,0,1 | <component> , <component> , <component> | <vectors> ~ <vectors> | 3/5,0,4/5~1,0,0~0,1/2,0\n"
"component: 0 | 3/5 | -4/5 | 1/2 | <real> | <int> / <int> | 1e-3\n"
"labels: { <pairs> } | <pairs> | <pair> ` <pair> ` | [ <pairs> ] | <sum> ` #~ <name> ` | (' <dense> ',~ <real> )\n"
"pairs: <pair> | <pair> ,~ <pairs> | <pair> ` <pairs> | <pair> ,` <pairs>\n"
"pair: <label> :~ <coeff> | <coeff> ~ [ <string> ]~+ | <coeff> ~*~ <label> | <coeff> ~ <string>\n"
"data: zero ` | <state> ` | <state> ` <data> | <state> ` <data> | #~ <name> ` <data>\n";

/* OpenQASM 3 and 2. */
static const char programs[] =
"qasm3: OPENQASM~3.0; ` include~\"stdgates.inc\"; ` <declare> <statements>\n"
"qasm2: OPENQASM~2.0; ` include~\"qelib1.inc\"; ` qreg~q[ <width> ]; ` creg~c[2]; ` <two>\n"
"width: 3 | 2 | 4 | <int>\n"
"declare: input~float[64]~a;input~angle~b;~qubit[ <width> ]~q; ` | const~int~n~=~ <width> ;input~array[float,n]~p;~qubit[n]~q; ` | qubit[3]~q;bit[3]~c;~input~float~a; ` | <input> <declare>\n"
"input: input~ <type> ~ <name> ; ` | input~array[ <type> , <expr> ]~ <name> ; ` | const~ <type> ~ <name> ~=~ <expr> ; ` | output~bit~ <name> ; `\n"
"type: float | float[64] | angle | int | uint[8] | bool | angle[ <expr> ] | bit[2]\n"
"name: a | b | q | n | i | p | g | c | x | pi | q0 | θ | r | gamma | zero\n"
"statements: <statement> | <statement> <statements> | <statement> <statements> | <statement> <statements>\n"
"statement: <call> | <call> | <call> | <modifiers> <call> | gate~ <name> ( <name> )~ <name> , <name> ~{ <statements> } ` | gate~ <name> ~x,y~{ <calls> } ` | for~ <type> ~ <name> ~in~ <set> ~{ <statements> } ` | for~int~i~in~[0:2]~ <statement> | if( <expr> )~ <statement> | if( <expr> ){ <statements> }else{ <statements> } ` | let~ <name> = <operand> ; ` | let~r= <operand> ++ <operand> ; ` | <name> = <expr> ; ` | <type> ~ <name> = <expr> ; ` | <name> += <expr> ; ` | barrier~ <operand> ; ` | c=measure~ <operand> ; ` | measure~ <operand> ->c; ` | reset~ <operand> ; ` | box{ <statements> } ` | { <statements> } ` | <input> | delay[10ns]~ <operand> ; ` | end; ` | opaque~ <name> ~x,y; ` | // <name> ` | /* <name> */ | <pragma> | gphase( <expr> ); `\n"
"calls: rx(a)~x; | <call> <calls> | cx~x,y; <calls>\n"
"modifiers: ctrl~@~ | inv~@~ | pow( <expr> )~@~ | negctrl~@~ | ctrl( <int> )~@~ | <modifiers> <modifiers>\n"
"call: h~ <operand> ; ` | rx( <expr> )~ <operand> ; ` | cx~ <operand> , <operand> ; ` | rz( <expr> )~ <operand> ; ` | <gate0> ~ <operand> ; ` | <gate1> ( <expr> )~ <operand> ; ` | <two0> ~ <operand> , <operand> ; ` | <two1> ( <expr> )~ <operand> , <operand> ; ` | u3( <expr> , <expr> , <expr> )~ <operand> ; ` | ccx~ <operand> , <operand> , <operand> ; ` | <name> ( <expr> )~ <operand> , <operand> ; ` | <name> ~ <operand> ; ` | xx_minus_yy( <expr> , <expr> )~ <operand> , <operand> ; ` | ms( <expr> , <expr> , <expr> )~ <operand> , <operand> ; `\n"
"gate0: x | y | z | s | sdg | t | tdg | sx | id | v | vi | si | ti | sxdg\n"
"gate1: ry | p | u1 | phase | gpi | gpi2 | u0 | phaseshift\n"
"two0: cz | cy | swap | iswap | ch | ecr | dcx | csx | cs | cv\n"
"two1: rxx | ryy | rzz | cp | crx | crz | cu1 | xy | rzx | pswap | zz | cphaseshift\n"
"operand: q[0] | q | q[ <expr> ] | q[ <expr> : <expr> ] | q[{ <expr> , <expr> }] | q[0:2:2] | $ <int> | <name> [ <expr> ] | q[-1] | q[1:] | <name> | q[ <int> ] | q[1] | q[2]\n"
"set: [0:2] | [ <expr> : <expr> ] | { <expr> , <expr> } | [ <expr> : <expr> : <expr> ] | <name>\n"
"expr: a | <int> | pi/2 | <real> | <name> | <expr> + <expr> | <expr> * <expr> | - <expr> | ( <expr> ) | <expr> / <expr> | <expr> ** <expr> | <expr> - <expr> | sin( <expr> ) | <fun> ( <expr> ) | <name> [ <expr> ] | <expr> == <expr> | <expr> < <expr> | !( <expr> ) | <type> ( <expr> ) | pi | 2*pi | <expr> % <expr> | <expr> << <expr> | <expr> && <expr> | <expr> ^ <expr> | true | 0.5*a | -a | 2*a+b\n"
"fun: cos | sqrt | exp | arccos | mod | floor | log | tan | popcount | abs | pow\n"
"pragma: #pragma~liescape~observable~Z0 ` | #pragma~liescape~state~ghz ` | #pragma~liescape~observable~sum(i~in~0.. <int> :~Z{i}) ` | #pragma~liescape~angles~a=normal:1/10 ` | #pragma~liescape~noise~depolarizing=0.01 ` | #pragma~liescape~ <name> ~ <name> ` | #pragma~braket~result~expectation~ <braket> ` | pragma~braket~verbatim ` | #pragma~liescape~state~bits~010 `\n"
"braket: z(q[0]) | <pauli> (q[ <int> ]) | <braket> ~@~ <braket> | <real> *~ <braket> | <braket> ~+~ <braket> | h(q[0])~@~h(q[1]) | hermitian([[1,0],[0,1]])~q[0] | all\n"
"pauli: x | y | z | i | h\n"
"two: <twos> | <twos> <two> | <twos> <two> | <twos> <two>\n"
"twos: h~ <reg> ; ` | rx( <value> )~ <reg> ; ` | cx~ <reg> , <reg> ; ` | u3( <value> , <value> , <value> )~ <reg> ; ` | gate~f(p)~a,b~{~cx~a,b;~u1( <formula> )~b;~} ` | f( <value> )~ <reg> , <reg> ; ` | <two1> ( <value> )~ <reg> , <reg> ; ` | barrier~ <reg> ; ` | measure~ <reg> ->c[0]; ` | if(c==1)~x~q[0]; ` | opaque~o~a; ` | U(0,0, <value> )~ <reg> ; ` | CX~ <reg> , <reg> ; ` | reset~ <reg> ; ` | // <name> ` | u2(0,pi)~ <reg> ; ` | u0(1)~ <reg> ; ` | <gate0> ~ <reg> ; ` | qreg~r[ <int> ]; `\n"
"reg: q[0] | q[1] | q[2] | q | q[ <int> ] | <name> [ <int> ]\n"
"value: 0.3 | pi/2 | -pi/4 | <real> | 3*pi/8 | <formula> | 1.5707963267948966 | <int> *pi/ <int>\n"
"formula: p | p/2 | <real> | p^2 | -( <formula> ) | <formula> + <formula> | sin( <formula> ) | <formula> * <formula> | pi\n";

/* Angles, noise, numbers, graphs. */
static const char small[] =
"angles: uniform | <law> | a= <law> | b= <law> | p= <law> | <name> = <law> | ~ <law> ~ | p[1]= <law>\n"
"law: uniform | interval: <width> | normal: <width> | interval: <name> | Normal:0.1\n"
"width: 0.1 | pi/8 | 3*pi/4 | <int> / <int> | <real> | <int> *pi/ <int> | -1 | 0 | 2pi\n"
"name: a | b | p | q | a[0] | ab\n"
"noise: <channel> | <channel> ,readout= <share> | readout= <share> | <channel> , <channel> | <channel> ~,~ <channel>\n"
"channel: depolarizing= <share> | pauli= <share> : <share> : <share> | bit_flip= <share> | phase_flip= <share> | bit_phase_flip= <share> | depolarising=0.1 | bit_flip\n"
"share: 0.01 | 1/1000 | <int> / <int> | <real> | 1e-3 | 0 | 1 | -0.1 | 1/3\n"
"number: <int> | <real> | <int> / <int> | - <int> / <int> | pi | pi/ <int> | <int> *pi/ <int> | - <real> *pi | -11/276 | 1.4142135623730950488 | 1e-19 | 3/4~+~1/2*sqrt( <int> ) | <number> *pi^2 | ( <number> ) | <number> ~+~ <number> | 2/4 | 0.50 | -0 | sqrt( <int> )\n"
"edges: <edge> ` | <edge> ` <edges> | <edge> ` <edges> | <edge> ` <edges> | #~ <name> ` <edges>\n"
"edge: 0~1 | <int> ~ <int> | <int> , <int> | <int> ~ <int> ~ <real> | 1~2~{} | 0~2~{'weight':~ <real> } | <int> ~ <int> ~ - <real> | <int>\n";

/* Command lines, a word on a line. */
static const char commands[] =
"command: certify`a.ops` <options> | verify`a.qasm` <options> | check`a.json` <options> | certify` <options> | --help` | certify`-` <options> | <word> ` <options> | --version`\n"
"options: -q` | <option> ` | <option> ` <options> | <option> ` <options> | <option> ` <options>\n"
"option: --json | --json= <word> | --observable` <word> | -O`Z0 | --state`zero | -s` <word> | --set`n= <int> | -D`a= <number> | -D <name> = <number> | --sweep`n= <values> | --sweep=n= <int> .. <int> | --max-dimension` <int> | --max-strings= <int> | --time-limit` <number> | --memory-limit` <memory> | --threads` <int> | --seed` <int> | --samples` <int> | --layers` <int> | --minima` <int> | --precision`single | --precision` <word> | --checkpoint` <word> | --checkpoint-every` <number> | --resume | --quiet | --details | --suggest | --expressibility | --operators | --fail-on`no | --fail-on` <word> | --basis` <word> | --plot` <word> | --format`qasm | --format=edges | --angles`normal:0.1 | --noise`depolarizing=0.01 | --data` <word> | --observable-file` <word> | --paths` <int> | --paths=none | --max-shots` <number> | --max-trap` <number> | -h | --help | -- | --jso | --obs` <word> | -qh | -Oq | - <name> | -- <name> | <word>\n"
"values: 2,3,4 | <int> | <int> , <values> | <int> .. <int> | pi/2, <values> | a,b\n"
"memory: 1G | <int> | <int> M | 512MB | 1.5G | 2x | <number> K\n"
"number: 1 | <int> | <real> | 1/10 | pi/4 | - <int> | inf | nan | 1e400 | 0x10 |\n"
"word: a.json | Z0 | - | zero | b | none | x=y | = | certify | a.edges | ü | \"\n"
"name: a | n | q | json | O | s | h | theta\n";

const char *const grammar_texts[] = {operators, programs, small, commands};
const size_t grammar_num_texts = sizeof grammar_texts / sizeof *grammar_texts;
