/* members_tested.h - which members of a certificate a run of verify has tested, with
   what power, and which not.

   verification.tested[]    { "member", "by": "samples" | "ranks" | "linear algebra" |
                            "other members", "notices" }: the least change that would
                            have been noticed every second time, a fraction of the
                            claimed number for lists; a distance for laws; null for
                            what is tested exactly
   verification.untested[]  members, in the order of the certificate

   Layer: cli, above claims. */
#ifndef LIESCAPE_CLI_MEMBERS_TESTED_H
#define LIESCAPE_CLI_MEMBERS_TESTED_H

#include <jansson.h>

/* tested: what claims_check_members found; taken over. checks: all of the run. */
void members_tested_add(json_t *about, json_t *tested, const json_t *checks,
                        const json_t *certificate);

#endif
