/// `allotment serve`: the server of a collective; `allotment demo`: invented people to look at.
#pragma once

#include "app/exit_code.hpp"

#include <string>
#include <vector>

namespace allot::app {

struct ServeOptions {
    std::string data;  ///< as `Place`
    std::string store; ///< as `Place`
    std::string listen = "localhost:8080";
    std::string origin; ///< "https://lab.example"; empty: as requests come
    std::vector<std::string> proxies;
    std::string mail;              ///< "smtps://post@mail.example"; empty: mail stays in the outbox
    std::string mail_from;         ///< the address of this server
    std::string mail_password;     ///< a file; empty: $ALLOTMENT_MAIL_PASSWORD
    std::string metrics_key;       ///< file; empty: /metrics is for this machine alone
    bool hooks_to_private = false; ///< hooks may reach private networks, these over http, too
    bool demo = false;             ///< a collective of invented people, where there is none yet
};

struct DemoOptions {
    std::string data;  ///< as of `ServeOptions`
    std::string store; ///< as of `ServeOptions`
};

/// Makes a collective of invented people, beside what is there. Errors: a folder or database that
/// cannot be used; `conflict` where the invented people are there already.
[[nodiscard]] Result<Outcome> run_demo(const DemoOptions& options);

/// Serves until SIGINT or SIGTERM, then ends what is under way. Errors: a folder or database that
/// cannot be used, an address that is none or taken.
[[nodiscard]] Result<Outcome> run_serve(const ServeOptions& options);

} // namespace allot::app
