#include "app/doctor_command.hpp"

#include "app/doctor_checks.hpp"

#include <algorithm>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>
#include <fmt/format.h>

namespace allot::app {

namespace {

namespace json = boost::json;

[[nodiscard]] json::string string_of(std::string_view s) {
    return json::string(s.data(), s.size());
}

[[nodiscard]] std::string_view name_of(Verdict verdict) {
    switch (verdict) {
    case Verdict::ok:
        return "ok";
    case Verdict::look:
        return "look";
    case Verdict::wrong:
        break;
    }
    return "wrong";
}

[[nodiscard]] std::string as_lines(const std::vector<Finding>& findings) {
    std::string text;
    for (const Finding& one : findings) {
        text += fmt::format("{:<6}{}: {}\n", name_of(one.verdict), one.about, one.found);
        if (!one.what_to_do.empty()) {
            text += fmt::format("      {}\n", one.what_to_do);
        }
    }
    return text;
}

[[nodiscard]] std::string as_json(const std::vector<Finding>& findings) {
    json::array all;
    for (const Finding& one : findings) {
        all.push_back(json::object{{"verdict", string_of(name_of(one.verdict))},
                                   {"about", string_of(one.about)},
                                   {"found", string_of(one.found)},
                                   {"what_to_do", string_of(one.what_to_do)}});
    }
    return json::serialize(json::object{{"checks", std::move(all)}}) + "\n";
}

} // namespace

Result<Outcome> run_doctor(const DoctorOptions& options, const Clock& clock) {
    TRY(const auto findings, all_findings(options, clock.now()));
    const bool is_wrong =
        std::ranges::find(findings, Verdict::wrong, &Finding::verdict) != findings.end();
    return Outcome{.words = options.as_json ? as_json(findings) : as_lines(findings),
                   .code = is_wrong ? ExitCode::failed : ExitCode::done};
}

} // namespace allot::app
