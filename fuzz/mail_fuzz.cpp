/// Any bytes as a mail that came in: what is read of it is within its limits, and can be shown and
/// stored.
#include "base/result.hpp"
#include "platform/mail/inbound.hpp"
#include "platform/utf8.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>

using namespace allot;
using namespace allot::mail;

namespace {

[[nodiscard]] bool is_one_word(const std::string& s) {
    return std::ranges::all_of(s, [](unsigned char c) { return c > ' ' && c < 0x7f; });
}

struct Check {
    void operator()(const Bounce& bounce) const {
        ALLOT_CHECK(is_one_word(bounce.message_id), "a Message-ID is one word");
        ALLOT_CHECK(bounce.message_id.empty() ||
                        (bounce.message_id.front() == '<' && bounce.message_id.back() == '>'),
                    "a Message-ID in its angles");
        ALLOT_CHECK(bounce.for_good || !bounce.address, "an address is refused for good");
    }
    void operator()(const EndRequest& end) const {
        ALLOT_CHECK(!end.text.empty() && is_one_word(end.text), "what ends a stream is one word");
    }
    void operator()(const Reply& reply) const {
        ALLOT_CHECK(is_tag(reply.tag), "an answer has a tag");
        ALLOT_CHECK(is_utf8(reply.words) && reply.words.size() <= longest_reply,
                    "its words can be stored");
        ALLOT_CHECK(is_utf8(reply.name) && reply.name.find('\n') == std::string::npos,
                    "a name is a line");
        ALLOT_CHECK(("\n" + reply.words).find("\n>") == std::string::npos, "nothing is quoted");
    }
    void operator()(const OtherMail& /*other*/) const {}
};

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string bytes(data, data + size);
    std::visit(Check{}, read_inbound(bytes));
    static_cast<void>(field_of(bytes, "Status"));
    return 0;
}
