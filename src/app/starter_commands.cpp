#include "app/starter_commands.hpp"

#include "app/archive_commands.hpp"
#include "app/files.hpp"
#include "app/keeping/new_file.hpp"
#include "app/keeping/staging.hpp"
#include "app/rooms.hpp"
#include "app/starter.hpp"
#include "base/text.hpp"
#include "collective/people/person_store.hpp"
#include "platform/auth/audit.hpp"
#include "platform/auth/mail_address.hpp"
#include "platform/auth/sign_in.hpp"
#include "platform/pages/clean_text.hpp"
#include "platform/pages/router.hpp"

#include <fmt/format.h>

namespace allot::app {

namespace {

using store::Transaction;

/// What planting ended with, for words.
struct Planted {
    std::string slug;
    std::string name;
    std::vector<std::string> left_out;
    std::string sign_in; ///< the secret of a link for the first steward of a new collective
};

[[nodiscard]] std::unexpected<Error> refused(std::string message) {
    return fail(ErrorKind::invalid, std::move(message));
}

/// A new collective as the options say it: all of them cleaned and checked.
struct NewHere {
    people::NewCollective collective;
    std::string your_name;
    std::string mail;
};

[[nodiscard]] Result<std::string> name_given(std::string_view option, const std::string& given) {
    const std::string name = pages::in_one_line(given);
    if (name.empty() || pages::characters(name) > people::longest_name) {
        return refused(fmt::format("{}: a name of 1 to {} characters is needed for a new "
                                   "collective; or name one that is there, with --into SLUG",
                                   option, people::longest_name));
    }
    return name;
}

[[nodiscard]] Result<NewHere> new_collective(const StarterPlantOptions& options,
                                             const pages::Zones& zones) {
    NewHere made;
    TRY(made.collective.name, name_given("--name", options.name));
    TRY(made.your_name, name_given("--your-name", options.your_name));
    const auto mail = auth::normal_mail(options.mail);
    if (!mail) {
        return refused(fmt::format("--mail {}: expected the address of the first steward, such as "
                                   "ada@lab.example",
                                   text::shown(options.mail)));
    }
    made.mail = *mail;
    made.collective.slug =
        options.slug.empty() ? pages::slug_of(made.collective.name) : options.slug;
    if (!pages::is_slug(made.collective.slug)) {
        return refused("--as SLUG: a name for addresses is needed, of small letters, digits and "
                       "hyphens");
    }
    if (!options.zone.empty() && !zones.has(options.zone)) {
        return refused(fmt::format("--zone {}: this machine knows no such time zone; write one "
                                   "such as Africa/Nairobi",
                                   text::shown(options.zone)));
    }
    made.collective.zone = options.zone;
    return made;
}

/// A file as it was read, and the world in which it is planted.
struct Seeds {
    const std::string& file;
    std::string_view bytes;
    const pages::Zones& zones;
    Moment now;
    Entropy& entropy;
};

/// Errors: all that is wrong in the file, behind its name.
[[nodiscard]] Result<Planted> plant_into(Transaction& transaction, const Seeds& seeds,
                                         const auth::Collective& collective) {
    pages::Planting planting{.transaction = transaction,
                             .collective = collective.id,
                             .zones = seeds.zones,
                             .now = seeds.now,
                             .entropy = seeds.entropy};
    auto left_out = plant_starter(seeds.bytes, planting);
    if (!left_out && left_out.error().kind == ErrorKind::invalid) {
        return refused(
            fmt::format("{}: {}\nnothing was changed", seeds.file, left_out.error().message));
    }
    TRY(auto lines, std::move(left_out));
    return Planted{.slug = collective.slug,
                   .name = collective.name,
                   .left_out = std::move(lines),
                   .sign_in = {}};
}

/// The new collective as it is after planting. Errors: neither option nor file has a zone.
[[nodiscard]] Result<auth::Collective> begun_with_zone(Transaction& transaction,
                                                       const std::string& slug) {
    TRY(auto begun, people::collective_named(transaction, slug));
    if (!begun || begun->zone.empty()) {
        return refused("the starter names no time zone; write --zone, such as --zone "
                       "Africa/Nairobi");
    }
    return *std::move(begun);
}

[[nodiscard]] Result<Planted> plant_as_new(Transaction& transaction, const Seeds& seeds,
                                           const NewHere& wanted) {
    const people::NewCollective& collective = wanted.collective;
    TRY(const auto taken, people::collective_named(transaction, collective.slug));
    if (taken) {
        return refused(fmt::format("there is a collective \"{}\" here already; nothing was "
                                   "changed. Plant into it with --into {}, or write --as SLUG",
                                   collective.slug, collective.slug));
    }
    TRY(const auto id, people::begin_collective(transaction, collective, seeds.now, seeds.entropy));
    TRY(Planted planted, plant_into(transaction, seeds,
                                    {.id = id, .slug = collective.slug, .name = collective.name}));
    TRY(const auto begun, begun_with_zone(transaction, collective.slug));
    const people::Profile steward{.name = wanted.your_name, .zone = begun.zone};
    TRY(const auto person, people::add_person(transaction, id, wanted.mail, steward,
                                              auth::Role::steward, seeds.now, seeds.entropy));
    TRY_DO(auth::note_audit(transaction, id, person, "collective_begun", seeds.now, seeds.entropy));
    const auth::SignInLink link{
        .mail = wanted.mail, .browser = "", .next = "/c/" + collective.slug + "/today"};
    TRY(planted.sign_in, auth::make_link(transaction, link, seeds.now, seeds.entropy));
    return planted;
}

[[nodiscard]] std::string words_about(const Planted& planted) {
    std::string words = fmt::format("planted: {} at /c/{}\n", planted.name, planted.slug);
    for (const std::string& line : planted.left_out) {
        words += fmt::format("left out: {}\n", line);
    }
    words += "Circles that came have no host yet: stewards see them under Today. Series that came "
             "rest until a steward begins them again.\n";
    if (!planted.sign_in.empty()) {
        words += fmt::format("Its steward signs in within {} minutes with this path, below the "
                             "address of the server:\nsign-in /sign-in/{}\n",
                             auth::link_time.count(), planted.sign_in);
    }
    return words;
}

[[nodiscard]] Result<void> check_options(const StarterPlantOptions& options) {
    const std::string of_new =
        options.name + options.slug + options.zone + options.your_name + options.mail;
    if (!options.into.empty() && !of_new.empty()) {
        return refused("--into names a collective that is there: --name, --as, --zone, --your-name "
                       "and --mail are for a new one");
    }
    return {};
}

} // namespace

Result<Outcome> run_starter_export(const StarterExportOptions& options) {
    TRY(const std::string url, found_store_url(options.place));
    TRY(const auto store, store::Store::open({.url = url, .as_it_is = true}, migrations()));
    const auto read = store->read([&](Transaction& transaction) -> Result<std::string> {
        TRY(const auto collective, find_collective(transaction, options.collective));
        return write_starter(transaction, collective.id);
    });
    TRY(const std::string text, read);
    TRY(keeping::NewFile file, keeping::NewFile::make(options.to));
    TRY_DO(file.write(text));
    TRY_DO(file.commit());
    return Outcome{.words = fmt::format("{}: practices, and nobody's name but what hosts wrote "
                                        "into them; read it before you pass it on\n",
                                        options.to)};
}

Result<Outcome> run_starter_plant(const StarterPlantOptions& options, const pages::Zones& zones,
                                  const Clock& clock, Entropy& entropy) {
    TRY_DO(check_options(options));
    const bool is_new = options.into.empty();
    NewHere wanted;
    if (is_new) {
        TRY(wanted, new_collective(options, zones));
    }
    TRY(const FileBytes bytes, read_file(options.from));
    TRY(const std::string url,
        is_new ? made_store_url(options.place) : found_store_url(options.place));
    TRY(const auto store, store::Store::open({.url = url}, migrations()));
    TRY_DO(keeping::check_not_moving(*store));
    const Seeds seeds{options.from, bytes.view(), zones, clock.now(), entropy};
    const auto done = store->write([&](Transaction& transaction) -> Result<Planted> {
        if (is_new) {
            return plant_as_new(transaction, seeds, wanted);
        }
        TRY(const auto collective, find_collective(transaction, options.into));
        return plant_into(transaction, seeds, collective);
    });
    TRY(const Planted planted, done);
    return Outcome{.words = words_about(planted)};
}

} // namespace allot::app
