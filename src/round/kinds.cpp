#include "round/kinds.hpp"

#include "base/text.hpp"
#include "formats/csv.hpp"

namespace allot::round {

Kinds::Kinds()
    : meeting_of_{
          {"conversation", Meeting::hours}, {"debugging", Meeting::hours},
          {"mentoring", Meeting::hours},    {"mock-interview", Meeting::hours},
          {"rehearsal", Meeting::hours},    {"draft-review", Meeting::written},
          {"idea", Meeting::written},       {"plot-look", Meeting::written},
          {"proofread", Meeting::written},
      } {}

Result<void> Kinds::extend(std::string_view csv, std::string file_name) {
    formats::Findings findings(std::move(file_name));
    TRY(const auto table, formats::parse_table(csv, findings));
    const auto columns = table.require_columns({"kind", "how"});
    if (!columns) {
        return std::unexpected(columns.error());
    }
    for (const auto& row : table.rows()) {
        const std::string kind = text::lower_ascii(row[(*columns)[0]]);
        const std::string how = text::lower_ascii(row[(*columns)[1]]);
        if (kind.empty()) {
            findings.add_value(table.place(row, (*columns)[0]), kind, "the name of a kind of help");
        } else if (how != "hours" && how != "written") {
            findings.add_value(table.place(row, (*columns)[1]), how, "hours or written");
        } else {
            meeting_of_[kind] = how == "hours" ? Meeting::hours : Meeting::written;
        }
    }
    if (!findings.empty()) {
        return std::unexpected(findings.error());
    }
    return {};
}

std::optional<Meeting> Kinds::find(std::string_view kind) const {
    const auto found = meeting_of_.find(kind);
    return found == meeting_of_.end() ? std::nullopt : std::optional(found->second);
}

std::vector<std::string> Kinds::names() const {
    std::vector<std::string> names;
    for (const auto& [name, meeting] : meeting_of_) {
        names.push_back(name);
    }
    return names;
}

} // namespace allot::round
