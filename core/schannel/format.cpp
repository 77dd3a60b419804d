// SPDX-License-Identifier: Apache-2.0
#include "core/schannel/format.h"

#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

namespace baresspi::schannel {

// Everything is a text that goes out by the same loop: what fits is written, and all is counted.
int Format(char* out, size_t room, const char* format, va_list arguments) {
  size_t size = 0;
  bool known = true;
  for (; known && *format != '\0'; ++format) {
    char scratch[12] = {};  // a character, or the digits of a number from the end on
    const char* text = scratch;
    unsigned base = 10;
    if (*format != '%') {
      scratch[0] = *format;
    } else {
      switch (*++format) {
        case 's':
          text = va_arg(arguments, const char*);
          break;
        case 'c':
          scratch[0] = static_cast<char>(va_arg(arguments, int));
          break;
        case '0':
          known = format[1] == '2' && format[2] == 'X';
          if (!known) break;
          format += 2;
          base = 16;
          [[fallthrough]];
        case 'u': {
          auto value = va_arg(arguments, unsigned);
          char* digit = scratch + sizeof scratch - 1;
          text = digit - (base == 16 ? 2 : 1);  // with %02X never more
          do {
            *--digit = "0123456789ABCDEF"[value % base];
            value /= base;
          } while (value != 0 || digit > text);
          text = digit;
          break;
        }
        default:
          known = false;
      }
    }
    for (; *text != '\0'; ++text, ++size) {
      if (size + 1 < room) out[size] = *text;
    }
  }
  if (room != 0) out[size < room ? size : room - 1] = '\0';
  return known ? static_cast<int>(size) : -1;
}

}  // namespace baresspi::schannel

#endif
