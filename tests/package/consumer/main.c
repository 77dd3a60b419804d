/* SPDX-License-Identifier: Apache-2.0 */
/* Asks for the packages as a program written for Windows would. C99 and C++. */
#include <baresspi/sspi.h>
#include <stdio.h>
#include <string.h>

#ifndef WANTED_PACKAGE
#define WANTED_PACKAGE "NTLM"
#endif

int main(void) {
  ULONG count = 0;
  ULONG i;
  int found = 0;
  PSecPkgInfoA packages = NULL;
  SECURITY_STATUS status = EnumerateSecurityPackagesA(&count, &packages);
  if (status != SEC_E_OK) return 1;
  for (i = 0; i < count; ++i) {
    printf("%s: %s\n", packages[i].Name, packages[i].Comment);
    if (strcmp(packages[i].Name, WANTED_PACKAGE) == 0) found = 1;
  }
  FreeContextBuffer(packages);
  if (!found) return 2;

  if (QuerySecurityPackageInfoA((SEC_CHAR*)WANTED_PACKAGE, &packages) != SEC_E_OK) return 3;
  if (packages->cbMaxToken == 0) return 4;
  if (QuerySecurityPackageInfoA((SEC_CHAR*)"no such package", &packages) != SEC_E_SECPKG_NOT_FOUND) return 5;
  return 0;
}
