/* SPDX-License-Identifier: Apache-2.0 */
/* gss-peer: a GSSAPI peer that takes tokens in and gives tokens out, a line each, so that a driver can join
 * it with any other implementation. NTLM is gss-ntlmssp's, below MIT's mechanism glue.
 *
 *   gss-peer client|server ntlm|spnego|spnego-ntlm [--user DOMAIN\NAME] [--password PASSWORD]
 *            [--target SERVICE@HOST] [--flags none|mutual,replay,sequence,conf,integ,identify] [--cb HEX]
 *
 * spnego negotiates whatever there is a credential for, Kerberos first; spnego-ntlm NTLM and nothing else.
 * A server, and a client without --password, finds passwords in the file that the environment's
 * NTLM_USER_FILE names (lines DOMAIN:USER:PASSWORD). --cb is the application data of the channel bindings.
 *
 * Commands on stdin, each answered by one line on stdout; octets are base64, "-" when there are none:
 *   STEP token        TOK token CONTINUE | TOK token DONE     the next leg of the handshake
 *   WRAP 0|1 data     WRAPPED sealed token                    sign (0) or sign and seal (1)
 *   UNWRAP token      PLAIN sealed qop data
 *   MIC data          MIC token
 *   VERIFY data token VALID qop
 *   KEY               KEY hex                                 the exported session key
 *   INFO              INFO flags=0x.. open=0|1                what was agreed
 *   RESET             FRESH                                   forgets the context: the next STEP begins anew
 *   QUIT              ends the program, as the end of stdin does
 * Whatever fails: ERR what major minor text
 */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "peer.h"

enum { kWords = 4 };

int main(int argc, char** argv) {
  Peer peer;
  if (!SetUp(&peer, argc, argv)) return 2;
  setvbuf(stdout, NULL, _IOLBF, 0);
  char* line = NULL;
  size_t room = 0;
  while (getline(&line, &room, stdin) > 0) {
    char* words[kWords] = {NULL};
    char* rest = NULL;
    int n = 0;
    for (char* word = strtok_r(line, " \r\n", &rest); word != NULL && n < kWords;
         word = strtok_r(NULL, " \r\n", &rest)) {
      words[n++] = word;
    }
    if (n == 0) continue;
    if (strcmp(words[0], "QUIT") == 0) break;
    Obey(&peer, words);
  }
  free(line);
  return 0;
}
