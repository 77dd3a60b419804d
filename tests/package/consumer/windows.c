/* SPDX-License-Identifier: Apache-2.0 */
/* As such a program begins, with Windows' own headers, the generic names and the function table. */
#define SECURITY_WIN32
#include <windows.h>

#include <security.h>
#include <stdio.h>

int main(void) {
  PSecurityFunctionTable table = InitSecurityInterface();
  PSecPkgInfo package = NULL;
  if (table == NULL) return 1;
  if (table->QuerySecurityPackageInfo((SECURITY_PSTR)NTLMSP_NAME_A, &package) != SEC_E_OK) return 2;
  printf("token: at most %lu octets\n", (unsigned long)package->cbMaxToken);
  table->FreeContextBuffer(package);
  return 0;
}
