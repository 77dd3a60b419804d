// SPDX-License-Identifier: Apache-2.0
// Upper case as Windows and Samba have it for user names (NTOWFv2 in [MS-NLMP] 3.3.2, comparing account
// names). It is narrower than Unicode's simple mapping: U+0131, U+00B5, U+017F and U+00DF stay as they are.
//
// BARESSPI_UNICODE_FULL 0: Latin-1, Latin Extended-A, Vietnamese, Greek, Cyrillic of today's languages,
// Armenian and fullwidth Latin; other letters stay as they are. BARESSPI_UNICODE_FULL 1: all that Samba's
// table has, 190 octets more.
#pragma once

namespace baresspi {

// Of one UTF-16 code unit; surrogates stay as they are.
char16_t UpCase(char16_t c);

}  // namespace baresspi
