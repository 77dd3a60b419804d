// SPDX-License-Identifier: Apache-2.0
#include "core/schannel/format.h"

#include "config/baresspi_config.h"

#if BARESSPI_SCHANNEL

namespace baresspi::schannel {
namespace {

// Writes what fits, and counts all.
class Printer {
 public:
  Printer(char* out, size_t room) : out_(out), room_(room) {}

  void Character(char character) {
    if (size_ + 1 < room_) out_[size_] = character;
    ++size_;
  }

  void String(const char* string) {
    while (*string != '\0') Character(*string++);
  }

  void Number(unsigned value, unsigned base, unsigned least_digits) {
    char digits[10];
    unsigned count = 0;
    do {
      digits[count++] = "0123456789ABCDEF"[value % base];
      value /= base;
    } while (value != 0 || count < least_digits);
    while (count != 0) Character(digits[--count]);
  }

  int Finish() {
    if (room_ != 0) out_[size_ < room_ ? size_ : room_ - 1] = '\0';
    return static_cast<int>(size_);
  }

 private:
  char* out_;
  size_t room_;
  size_t size_ = 0;
};

}  // namespace

int Format(char* out, size_t room, const char* format, va_list arguments) {
  Printer printer(out, room);
  bool known = true;
  for (; known && *format != '\0'; ++format) {
    if (*format != '%') {
      printer.Character(*format);
      continue;
    }
    switch (*++format) {
      case 's':
        printer.String(va_arg(arguments, const char*));
        break;
      case 'c':
        printer.Character(static_cast<char>(va_arg(arguments, int)));
        break;
      case 'u':
        printer.Number(va_arg(arguments, unsigned), 10, 1);
        break;
      case '0':
        known = format[1] == '2' && format[2] == 'X';
        if (known) printer.Number(va_arg(arguments, unsigned), 16, 2);
        if (known) format += 2;
        break;
      default:
        known = false;
    }
  }
  const int size = printer.Finish();
  return known ? size : -1;
}

}  // namespace baresspi::schannel

#endif
