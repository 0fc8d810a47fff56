/// One request, as a room's route sees it: everything in it was checked and parsed.
#pragma once

#include "base/world.hpp"
#include "platform/auth/directory.hpp"
#include "platform/auth/viewer.hpp"
#include "platform/http/form.hpp"
#include "platform/http/message.hpp"
#include "platform/pages/answer.hpp"
#include "platform/pages/catalogue.hpp"
#include "platform/pages/kept_bodies.hpp"
#include "platform/store/store.hpp"

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace allot::pages {

/// Says no to a form, and gives the page again with what was typed. A browser sees `again` with
/// the problems beside their fields, JSON gets them as problem details; 422, or `again.status`.
struct Refusal {
    std::vector<FieldProblem> problems;
    Page again;
};

using Answer = std::variant<Page, Done, Elsewhere, Download, Refusal>;

/// Which time zones this machine knows. Any thread.
class Zones {
  public:
    Zones() = default;
    Zones(const Zones&) = delete;
    Zones& operator=(const Zones&) = delete;
    virtual ~Zones() = default;
    [[nodiscard]] virtual bool has(std::string_view name) const = 0;
    /// What the compiled file of a zone holds (TZif, RFC 9636). Errors: no such zone.
    [[nodiscard]] virtual Result<std::string> bytes(std::string_view name) const = 0;
    /// Those to choose from, each place once: "Africa/Nairobi".
    [[nodiscard]] virtual const std::vector<std::string>& names() const = 0;
};

/// What the server has in its hands, the same for every request.
struct House {
    store::Store& store;
    const auth::Directory& directory;
    const Zones& zones;
    const Clock& clock;
    Entropy& entropy;
    std::string origin; ///< "https://lab.example", for links in mails; empty: as the request came
    std::string signing_key;         ///< of `auth::signing_key`
    bool hooks_reach_inside = false; ///< of a private network; else public addresses alone
    bool sends_mail = false; ///< a mail server is named; else mail stays where it was written
    std::string mail_from;   ///< "post@lab.example"; empty where no mail server is named
    /// As --data and --store named where things are kept: for the page that says whether all is
    /// well. Both empty: the usual place.
    std::string data;
    std::string store_url;
    /// Called when a person was erased, once that is on the disk: so that a backup from before does
    /// not bring her back. Empty: nobody keeps a log of it.
    std::function<void()> after_erasure;
    /// What was made once for many requests. Each process has its own.
    std::shared_ptr<KeptBodies> kept = std::make_shared<KeptBodies>();
};

/// Lives for one request, on one thread.
class Call {
  public:
    Call(const House& of_server, const http::HttpRequest& that_came)
        : house(of_server), request(that_came) {}

    const House& house;
    const http::HttpRequest& request;
    auth::Viewer viewer;
    std::optional<auth::Collective> in; ///< of the route's {collective}
    auth::Role in_circle =
        auth::Role::anyone;               ///< of the viewer, in the route's {circle} or {series}
    const Catalogue* words = nullptr;     ///< of the language of this page; never null in a route
    std::span<const Catalogue> all_words; ///< of each language, for mail to others
    std::string locale;                   ///< how dates are written: "en-GB"
    std::map<std::string, std::string, std::less<>> parts; ///< of the path, by name
    http::Form form;                                       ///< of a POST
    std::string key; ///< what makes a command happen once; empty: it may happen again
    /// Whether the viewer still may, asked inside of a command's transaction: somebody may have
    /// changed her role since the request came. Errors: `forbidden`, `missing`.
    std::function<Result<void>(store::Transaction&)> still_may;

    /// Words for somebody else, who reads `language`; empty, or unknown here: those of this page.
    [[nodiscard]] const Catalogue& words_for(std::string_view language) const;
    [[nodiscard]] Moment now() const { return house.clock.now(); }
    [[nodiscard]] const std::string& part(std::string_view name) const;
    template <class AnId>
    [[nodiscard]] AnId id(std::string_view name) const {
        return AnId(part(name));
    }
    /// The collective of the path. Only in routes below /c/{collective}.
    [[nodiscard]] const auth::Collective& collective() const;
    /// Who looks. Only in routes whose action asks for a role.
    [[nodiscard]] const auth::Member& member() const;
    /// "/c/lab" + `rest`.
    [[nodiscard]] std::string path(std::string_view rest) const;
    /// A whole address for mails: "https://lab.example/c/lab/circles".
    [[nodiscard]] std::string address(std::string_view path) const;

    /// A command: `change(transaction)` returns `Result<Done>` and happens once for each key, even
    /// if the browser or a proxy sent it twice; the second time only `next` is answered.
    template <class Change>
    [[nodiscard]] Result<Answer> write(Change&& change) const {
        return house.store.write([&](store::Transaction& transaction) -> Result<Answer> {
            TRY(const auto done_before, next_of_earlier(transaction));
            if (done_before) {
                return Done{*done_before};
            }
            TRY_DO(still_may(transaction));
            TRY(Done done, change(transaction));
            TRY_DO(remember(transaction, done));
            return done;
        });
    }

    /// Where an earlier command with this key led to.
    [[nodiscard]] Result<std::optional<std::string>>
    next_of_earlier(store::Transaction& transaction) const;

  private:
    [[nodiscard]] Result<void> remember(store::Transaction& transaction, const Done& done) const;
};

} // namespace allot::pages
