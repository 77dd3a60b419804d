// SPDX-License-Identifier: Apache-2.0
#include "boards/examples/web_page_content.h"

#include "port/port.h"
#include "port/sockets.h"

namespace examples {
namespace {

using http::BindingsPolicy;
using http::Caller;
using http::Page;
using http::Text;
using http::TextWriter;

constexpr size_t kNameRoom = 1024;
constexpr size_t kMostTarget = 256;  // octets of the target that are shown
constexpr char kHtml[] = "text/html; charset=utf-8";

constinit const WebPageContent* content = nullptr;

// The caller, as every access check sees it: whoever the task acts for, and not whoever a connection says.
bool TokenOfTask(BARESSPI_TOKEN_INFO* info) {
  return BareSspiQueryTokenInformation(baresspi_port_task_token(), info) == SEC_E_OK;
}

void PutWho(TextWriter* out) {
  BARESSPI_TOKEN_INFO info = {};
  if (!TokenOfTask(&info)) return out->Put("nobody");
  if (info.Domain.cbUtf16le != 0) {
    out->PutUtf16le(info.Domain.Utf16le, info.Domain.cbUtf16le);
    out->Put("\\");
  }
  out->PutUtf16le(info.User.Utf16le, info.User.cbUtf16le);
}

bool ActsForAdmin() {
  BARESSPI_TOKEN_INFO info = {};
  constexpr ULONG kNobody = BARESSPI_TOKEN_ANONYMOUS | BARESSPI_TOKEN_IDENTIFY_ONLY;
  return TokenOfTask(&info) && (info.TokenFlags & kNobody) == 0 && content->accounts->IsAdmin(info.UserId);
}

// Text that a caller chose, its own name for instance, must not become markup.
void PutEscaped(TextWriter* out, Text text) {
  for (size_t i = 0; i < text.size; ++i) {
    switch (text[i]) {
      case '&':
        out->Put("&amp;");
        break;
      case '<':
        out->Put("&lt;");
        break;
      case '>':
        out->Put("&gt;");
        break;
      case '"':
        out->Put("&quot;");
        break;
      case '\'':
        out->Put("&#39;");
        break;
      default:
        out->Put(text.From(i).First(1));
    }
  }
}

void PutHead(Page* page, Text title) {
  page->type = kHtml;
  TextWriter& out = page->content;
  out.Put("<!DOCTYPE html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<title>");
  PutEscaped(&out, title);
  out.Put("</title>\n<h1>");
  PutEscaped(&out, title);
  out.Put("</h1>\n");
}

void PutRow(TextWriter* out, Text name, Text id, Text value) {
  out->Put("<tr><th scope=\"row\">");
  out->Put(name);
  out->Put("<td id=\"");
  out->Put(id);
  out->Put("\">");
  PutEscaped(out, value);
  out->Put("\n");
}

Text BindingsText(const Caller& caller) {
  if (caller.by_certificate) return "proved by the certificate's key";
  if (!caller.secure) return "none: not inside TLS";
  switch (caller.bindings) {
    case BindingsPolicy::kNone:
      return "not looked at";
    case BindingsPolicy::kWhereSent:
      return "right, or not sent";
    case BindingsPolicy::kRequired:
      return "right";
  }
  return "";
}

void PutHome(const Caller& caller, Page* page) {
  char name[kNameRoom];
  TextWriter who(name, sizeof name);
  PutWho(&who);
  PutHead(page, content->device);
  TextWriter& out = page->content;
  out.Put("<table>\n");
  PutRow(&out, "You are", "user", who.text());
  PutRow(&out, "Let in by", "scheme", caller.scheme);
  PutRow(&out, "Package", "package", caller.package);
  PutRow(&out, "Proof", "proof", caller.by_certificate ? "certificate" : "password");
  PutRow(&out, "Channel bindings", "bindings", BindingsText(caller));
  PutRow(&out, "Connection", "connection", caller.secure ? "TLS" : "in the clear");
  out.Put("<tr><th scope=\"row\">Page up for<td id=\"uptime\">");
  out.PutNumber((baresspi_milliseconds() - content->began) / 1000);
  out.Put(" s\n</table>\n");
  if (ActsForAdmin()) out.Put("<p><a href=\"/settings\">Settings</a>\n");
}

void PutWhoAmI(const http::Request& request, const Caller& caller, Page* page) {
  TextWriter& out = page->content;
  out.Put("user=");
  PutWho(&out);
  out.Put("\nscheme=");
  out.Put(caller.scheme);
  out.Put("\npackage=");
  out.Put(caller.package);
  out.Put("\ntarget=");
  out.Put(request.target.First(kMostTarget));
  out.Put("\nbody=");
  out.PutNumber(request.length);
  out.Put("\n");
}

void PutSettings(Page* page) {
  if (!ActsForAdmin()) {
    page->status = "403 Forbidden";
    PutHead(page, "Not for you");
    page->content.Put("<p>The settings are for administrators of the device.\n");
    return;
  }
  PutHead(page, "Settings");
  page->content.Put("<table>\n");
  PutRow(&page->content, "Name", "device", content->device);
  page->content.Put("</table>\n");
}

}  // namespace

void SetWebPageContent(const WebPageContent* next) {
  content = next;
}

void MakeWebPage(const http::Request& request, Text path, const Caller& caller, Page* page) {
  const Text name = path.First(path.Find('?'));
  if (content->proxy || Equal(name, "/whoami")) return PutWhoAmI(request, caller, page);
  if (Equal(name, "/")) return PutHome(caller, page);
  if (Equal(name, "/settings")) return PutSettings(page);
  page->status = "404 Not Found";
  PutHead(page, "Nothing here");
}

}  // namespace examples
