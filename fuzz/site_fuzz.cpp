/// Any request that the HTTP layer lets through, to the whole site with its rooms, as a reader or
/// as the steward of the demonstration: it is answered, never as a mistake of ours; what is shown
/// is text, JSON is JSON, links lead to this server, and nobody's brackets become markup.
#include "app/demo.hpp"
#include "app/rooms.hpp"
#include "app/zone_source.hpp"
#include "base/test_world.hpp"
#include "fuzz/bytes.hpp"
#include "platform/http/target.hpp"
#include "platform/pages/site.hpp"
#include "platform/utf8.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <unistd.h>
#include <vector>

#include <boost/json/parse.hpp>

using namespace allot;

namespace {

namespace fs = std::filesystem;

/// What a store does, with another database behind it for each input.
class ChangingStore final : public store::Store {
  public:
    std::unique_ptr<store::Store> now;
    [[nodiscard]] Result<void> drop_traces() override { return now->drop_traces(); }
    [[nodiscard]] Result<void> ping() override { return now->ping(); }
    [[nodiscard]] bool is_sqlite() const override { return true; }
    [[nodiscard]] store::StoreCounts counts() const override { return now->counts(); }
    [[nodiscard]] std::int64_t changes() const override { return now->changes(); }
    [[nodiscard]] Result<void> be_alone() override { return now->be_alone(); }
    [[nodiscard]] std::string engine() const override { return now->engine(); }

  protected:
    [[nodiscard]] bool has_many_writers() const override { return false; }
    Result<void> run(store::Access access, const Body& body) override {
        return access == store::Access::read ? now->read(body) : now->write(body);
    }
};

class OneZone final : public pages::Zones {
  public:
    [[nodiscard]] bool has(std::string_view name) const override { return name == names_.front(); }
    [[nodiscard]] Result<std::string> bytes(std::string_view name) const override {
        return app::zone_bytes(name);
    }
    [[nodiscard]] const std::vector<std::string>& names() const override { return names_; }

  private:
    std::vector<std::string> names_ = {"Europe/London"};
};

/// The site over a demonstration that is planted once, and copied for each input.
class House {
  public:
    House() {
        fs::create_directories(folder_);
        open(planted_);
        ALLOT_CHECK(app::make_demo(store_, clock_.now(), entropy_).has_value(), "it is planted");
        const auto link = app::demo_sign_in_path(store_, clock_.now(), entropy_);
        ALLOT_CHECK(link.has_value(), "its steward gets a link");
        auto made = pages::Site::of(parts_, app::rooms(), app::assets());
        ALLOT_CHECK(made.has_value(), "the rooms go together");
        site_ = *std::move(made);
        const auto in = answer({.method = http::Method::post,
                                .parts = http::read_target(*link)->parts,
                                .headers = {{"content-type", "application/json"}},
                                .body = "{}",
                                .host = "localhost:8080"});
        for (const auto& [name, value] : in.headers) {
            if (name == "set-cookie" && value.starts_with(pages::session_cookie)) {
                cookie_ = value.substr(0, value.find(';'));
            }
        }
        ALLOT_CHECK(!cookie_.empty(), "the steward is signed in");
        store_.now.reset();
    }

    void begin() {
        for (const std::string_view rest : {"", "-wal", "-shm"}) {
            fs::remove(copy_.string() + std::string(rest));
        }
        fs::copy_file(planted_, copy_, fs::copy_options::overwrite_existing);
        open(copy_);
    }
    [[nodiscard]] http::HttpResponse answer(const http::HttpRequest& request) const {
        static_cast<void>(site_->body_limit(request));
        return site_->answer(request);
    }
    [[nodiscard]] const std::string& cookie() const { return cookie_; }

  private:
    void open(const fs::path& file) {
        store_.now.reset();
        auto opened =
            store::Store::open({.url = "sqlite:" + file.string(), .readers = 1}, app::migrations());
        ALLOT_CHECK(opened.has_value(), "a database opens");
        store_.now = *std::move(opened);
    }

    fs::path folder_ = fs::temp_directory_path() / ("site-fuzz-" + std::to_string(::getpid()));
    fs::path planted_ = folder_ / "planted.sqlite";
    fs::path copy_ = folder_ / "copy.sqlite";
    test::SetClock clock_{test::some_noon};
    test::SeededEntropy entropy_;
    ChangingStore store_;
    app::HouseDirectory directory_;
    OneZone zones_;
    pages::House parts_{.store = store_,
                        .directory = directory_,
                        .zones = zones_,
                        .clock = clock_,
                        .entropy = entropy_,
                        .origin = "",
                        .signing_key = "a key"};
    std::unique_ptr<pages::Site> site_;
    std::string cookie_;
};

std::string take_line(std::string_view& text) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string line(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    return line;
}

/// First a byte: who, how, what for. Then a target, headers until an empty line, and a body.
std::optional<http::HttpRequest> request_of(std::span<const std::uint8_t> data,
                                            const std::string& cookie) {
    fuzz::Bytes bytes(data);
    const auto how = bytes.next();
    const std::string all(bytes.rest().begin(), bytes.rest().end());
    std::string_view text = all;
    const auto target = http::read_target(take_line(text));
    if (!target) {
        return std::nullopt;
    }
    http::HttpRequest request{.method = how % 2 == 1 ? http::Method::post : http::Method::get,
                              .parts = target->parts,
                              .query = target->query,
                              .host = "localhost:8080",
                              .peer = "127.0.0.1"};
    for (std::string line = take_line(text); !line.empty(); line = take_line(text)) {
        const std::size_t colon = line.find(": ");
        if (colon != std::string::npos && is_utf8(line) && !has_control(line)) {
            request.headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
        }
    }
    if ((how & 2U) != 0) {
        request.headers.emplace_back("cookie", cookie);
    }
    if ((how & 4U) != 0) {
        request.headers.emplace_back("content-type", "application/json");
    }
    if ((how & 8U) != 0) {
        request.headers.emplace_back("accept", "application/json");
    }
    request.body = std::string(text);
    return request;
}

void check(const http::HttpResponse& response) {
    ALLOT_CHECK(response.status < 500, "no mistake of ours");
    std::string_view type;
    for (const auto& [name, value] : response.headers) {
        ALLOT_CHECK(value.find_first_of("\r\n") == std::string::npos, "a header is one line");
        if (name == "location") {
            ALLOT_CHECK(value.starts_with('/') && !value.starts_with("//") &&
                            value.find('\\') == std::string::npos,
                        "links lead to this server");
        }
        if (name == "content-type") {
            type = value;
        }
    }
    ALLOT_CHECK(is_utf8(response.text), "what is shown is text");
    if (type.starts_with("text/html")) {
        ALLOT_CHECK(response.text.find("<canary") == std::string::npos, "no foreign markup");
        ALLOT_CHECK(response.text.find("\"canary=\"") == std::string::npos, "no foreign attribute");
    }
    if (type.find("json") != std::string_view::npos) {
        boost::system::error_code error;
        static_cast<void>(boost::json::parse(response.text, error));
        ALLOT_CHECK(!error, "JSON is JSON");
    }
}

} // namespace

// NOLINTNEXTLINE(readability-identifier-naming): the name that libFuzzer calls
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static House house;
    const auto request = request_of({data, size}, house.cookie());
    if (!request) {
        return 0;
    }
    house.begin();
    check(house.answer(*request));
    // What was written, as others see it.
    for (const char* const page : {"/c/night-garden", "/c/night-garden/circles/plants-at-night",
                                   "/c/night-garden/people", "/c/night-garden/settings"}) {
        check(house.answer({.method = http::Method::get,
                            .parts = http::read_target(page)->parts,
                            .headers = {{"cookie", house.cookie()}, {"accept", "text/html"}},
                            .host = "localhost:8080",
                            .peer = "127.0.0.1"}));
    }
    return 0;
}
