/// One request by libcurl to an address that somebody typed: what it may take, and the gate at
/// which each of its sockets is looked at.
#pragma once

#include "base/result.hpp"
#include "platform/hooks/reach.hpp"

#include <chrono>
#include <curl/curl.h>
#include <memory>
#include <string>

namespace allot::hooks {

struct Bounds {
    Reach reach = Reach::outside;
    std::string ca_file; ///< certificates to trust; empty: those of this machine
    std::chrono::milliseconds connect_time{8'000};
    std::chrono::milliseconds whole_time{12'000};
    long redirects = 0; ///< at most; each may lead where the first address might
};

/// A handle for one request: no connection, cookie or name of one is there for another. No proxy is
/// asked. The address that is really connected to has to lie within the reach, whatever its name
/// said before: over https a public one, and where `Reach::inside` says so a private one, also over
/// http.
class Outgoing {
  public:
    explicit Outgoing(const Bounds& bounds);
    Outgoing(const Outgoing&) = delete;
    Outgoing& operator=(const Outgoing&) = delete;

    template <class T>
    void set(CURLoption option, T value) {
        const CURLcode code = curl_easy_setopt(easy_.get(), option, value);
        ALLOT_CHECK(code == CURLE_OK, "libcurl knows the option");
    }
    /// "name: value"; "name:" takes one of libcurl's away.
    void add_header(const std::string& line);
    [[nodiscard]] CURLcode perform(const std::string& url);

    /// 0: no answer came.
    [[nodiscard]] long status() const;
    [[nodiscard]] std::chrono::seconds retry_after() const;
    /// Nothing was sent, since the address lies out of reach.
    [[nodiscard]] bool was_out_of_reach() const { return refused_ && !opened_; }

  private:
    struct FreeEasy {
        void operator()(CURL* easy) const { curl_easy_cleanup(easy); }
    };
    struct FreeList {
        void operator()(curl_slist* list) const { curl_slist_free_all(list); }
    };

    [[nodiscard]] static curl_socket_t open_socket(void* user, curlsocktype purpose,
                                                   curl_sockaddr* to);
    [[nodiscard]] bool is_plain() const;

    std::unique_ptr<CURL, FreeEasy> easy_;
    std::unique_ptr<curl_slist, FreeList> headers_;
    Reach reach_;
    bool refused_ = false; ///< some address
    bool opened_ = false;  ///< a socket to another one
};

} // namespace allot::hooks
