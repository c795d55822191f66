/* observable_file.h - the file of --observable-file: one Pauli sum, as one writes it or
   as other programs print it, over any number of lines. Layer: cli/read. */
#ifndef LIESCAPE_CLI_OBSERVABLE_FILE_H
#define LIESCAPE_CLI_OBSERVABLE_FILE_H

/* Makes the text one line, in place: comments ("#" to the end of the line) and line ends
   become blanks, braces around labels ({"XXI": 0.5}) too, and between lines of labels that
   are not joined a comma stands in for the line end. */
void observable_file_join(char *text);

#endif
