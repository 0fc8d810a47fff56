/// What `allotment doctor` looks at: a list of checks, each a function. A new part of the house
/// adds a line to it.
#pragma once

#include "app/doctor_command.hpp"
#include "platform/auth/directory.hpp"
#include "platform/store/store.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace allot::app {

enum class Verdict : std::uint8_t {
    ok,
    look,  ///< something should be done soon
    wrong, ///< something should be done now
};

struct Finding {
    Verdict verdict = Verdict::ok;
    std::string about; ///< "last backup"
    std::string found;
    std::string what_to_do; ///< empty where nothing is
};

/// In the order in which a person should read them. Errors: a place that cannot be understood.
[[nodiscard]] Result<std::vector<Finding>> all_findings(const DoctorOptions& options, Moment now);

/// What a server that runs knows of itself.
struct OwnServer {
    Place place;
    store::Store& store;
    bool sends_mail = false;
};

/// The same from within, for the stewards of one collective: nothing of others, and nothing that
/// takes long. Whether all pages of the database are whole, and how it is reached from outside, is
/// left to the command. Errors: as above.
[[nodiscard]] Result<std::vector<Finding>>
findings_within(const OwnServer& server, const auth::Collective& collective, Moment now);

} // namespace allot::app
