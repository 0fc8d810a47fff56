#include "platform/pages/starter.hpp"

#include "base/text.hpp"
#include "platform/pages/clean_text.hpp"
#include "platform/utf8.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <fmt/format.h>

namespace allot::pages {

namespace {

namespace json = boost::json;

[[nodiscard]] std::string_view view_in(const json::string& text) {
    return {text.data(), text.size()};
}

} // namespace

StarterReader::StarterReader(const json::object& object, std::string where, StarterNotes& notes)
    : object_(&object), where_(std::move(where)), notes_(&notes) {}

std::string StarterReader::path_to(std::string_view member) const {
    if (where_.empty() || member.empty()) {
        return where_ + std::string(member);
    }
    return where_ + "." + std::string(member);
}

const json::value* StarterReader::find(std::string_view member) {
    asked_.emplace_back(member);
    return object_->if_contains({member.data(), member.size()});
}

void StarterReader::note(std::string_view member, std::string_view problem) {
    notes_->problems.push_back(fmt::format("{}: {}", path_to(member), problem));
}

void StarterReader::leave_out(std::string_view member, std::string_view why) {
    notes_->left_out.push_back(fmt::format("{}: {}", path_to(member), why));
}

std::string StarterReader::text(std::string_view member, bool lines, std::size_t most, Need need) {
    const json::value* const found = find(member);
    if (found != nullptr && !found->is_string()) {
        note(member, "expected a text");
        return {};
    }
    const std::string_view typed = found == nullptr ? "" : view_in(found->get_string());
    std::string cleaned = lines ? in_lines(typed) : in_one_line(typed);
    if (cleaned.empty() && need == Need::required) {
        note(member, "it is missing or empty");
    } else if (characters(cleaned) > most) {
        note(member, fmt::format("it has {} characters; at most {} are possible",
                                 characters(cleaned), most));
    }
    return cleaned;
}

std::string StarterReader::line(std::string_view member, std::size_t most, Need need) {
    return text(member, false, most, need);
}

std::string StarterReader::prose(std::string_view member, std::size_t most, Need need) {
    return text(member, true, most, need);
}

std::string_view StarterReader::choice(std::string_view member,
                                       std::span<const std::string_view> allowed,
                                       std::string_view otherwise) {
    const json::value* const found = find(member);
    if (found == nullptr) {
        return otherwise;
    }
    const std::string_view given = found->is_string() ? view_in(found->get_string()) : "";
    const auto same = std::ranges::find(allowed, given);
    if (same == allowed.end()) {
        note(member,
             fmt::format("expected one of {}", text::join_words({allowed.begin(), allowed.end()})));
        return otherwise;
    }
    return *same;
}

std::int64_t StarterReader::number(std::string_view member, std::int64_t least, std::int64_t most) {
    const json::value* const found = find(member);
    const std::int64_t* const given = found == nullptr ? nullptr : found->if_int64();
    if (given == nullptr || *given < least || *given > most) {
        note(member, fmt::format("expected a whole number from {} to {}", least, most));
        return least;
    }
    return *given;
}

void StarterReader::inside(std::string_view member,
                           const std::function<void(StarterReader&)>& read) {
    const json::value* const found = find(member);
    if (found == nullptr) {
        return;
    }
    if (!found->is_object()) {
        note(member, "expected an object");
        return;
    }
    StarterReader reader(found->get_object(), path_to(member), *notes_);
    read(reader);
    reader.leave_out_the_rest();
}

void StarterReader::each(std::string_view member, std::size_t most,
                         const std::function<void(StarterReader&)>& read) {
    const json::value* const found = find(member);
    if (found == nullptr) {
        return;
    }
    if (!found->is_array()) {
        note(member, "expected a list");
        return;
    }
    const json::array& items = found->get_array();
    if (items.size() > most) {
        note(member, fmt::format("it has {} entries; at most {} are possible", items.size(), most));
        return;
    }
    for (std::size_t at = 0; at < items.size(); ++at) {
        const std::string place = fmt::format("{}[{}]", path_to(member), at + 1);
        if (!items[at].is_object()) {
            notes_->problems.push_back(place + ": expected an object");
            continue;
        }
        StarterReader reader(items[at].get_object(), place, *notes_);
        read(reader);
        reader.leave_out_the_rest();
    }
}

void StarterReader::leave_out_the_rest() {
    for (const auto& member : *object_) {
        const std::string_view name{member.key().data(), member.key().size()};
        if (std::ranges::find(asked_, name) == asked_.end()) {
            leave_out(shown_utf8(name), "this program does not know it");
        }
    }
}

} // namespace allot::pages
