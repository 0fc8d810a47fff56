#include "platform/auth/mail_address.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace allot::auth {

Result<std::string> normal_mail(std::string_view typed) {
    constexpr std::size_t longest = 254;
    constexpr std::size_t longest_local_part = 64;
    std::string mail = text::lower_ascii(text::trim(typed));
    const std::size_t at = mail.find('@');
    const auto odd = [](unsigned char c) {
        return c <= ' ' || c == 0x7f || c == '<' || c == '>' || c == ',' || c == ';' || c == '"';
    };
    if (at == std::string::npos || at == 0 || at > longest_local_part || mail.size() > longest ||
        mail.find('@', at + 1) != std::string::npos || std::ranges::any_of(mail, odd)) {
        return fail(ErrorKind::invalid, "no address of mail");
    }
    const std::string_view domain = std::string_view(mail).substr(at + 1);
    const std::size_t dot = domain.find('.');
    if (dot == std::string_view::npos || dot == 0 || domain.back() == '.' ||
        domain.find("..") != std::string_view::npos) {
        return fail(ErrorKind::invalid, "no address of mail");
    }
    return mail;
}

} // namespace allot::auth
