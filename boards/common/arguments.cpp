// SPDX-License-Identifier: Apache-2.0
#include "boards/common/board.h"

namespace board {

int SplitArguments(char* text, char** arguments, int capacity) {
  int count = 0;
  char* to = text;
  for (;;) {
    while (*text == ' ') ++text;
    if (*text == 0) break;
    if (count == capacity) return -1;
    arguments[count++] = to;
    while (*text != 0 && *text != ' ') {
      if (*text == '"') {
        ++text;
        continue;
      }
      if (*text == '\\' && text[1] != 0) ++text;
      *to++ = *text++;
    }
    const bool last = *text == 0;
    *to++ = 0;  // never past text: what was taken is at least as long as what was written
    if (last) break;
    ++text;
  }
  arguments[count] = nullptr;
  return count;
}

}  // namespace board
