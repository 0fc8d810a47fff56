/// A starter: the practices of a collective without its people, as one small file of JSON that can
/// be planted elsewhere. A room brings its part by `Room::starter`.
#pragma once

#include "base/world.hpp"
#include "platform/auth/viewer.hpp"
#include "platform/pages/answer.hpp"
#include "platform/pages/call.hpp"
#include "platform/pages/form_reader.hpp"
#include "platform/store/store.hpp"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/fwd.hpp>

namespace allot::pages {

/// What a person is told about a starter that was read. Each line begins with where it is in the
/// file ("circles[2].kind"), counted from 1.
struct StarterNotes {
    std::vector<std::string> problems; ///< with one of these nothing is planted
    std::vector<std::string> left_out; ///< what was not planted, and why
};

/// Reads one object of a starter into types, as `FormReader` reads a form: texts are cleaned in the
/// same way, and all that is wrong is noted at once. Lives no longer than the object and the notes.
class StarterReader {
  public:
    /// `where` is where the object stands, and empty for the whole file.
    StarterReader(const boost::json::object& object, std::string where, StarterNotes& notes);

    /// Lengths are in characters as people count them. A member that is not there is empty.
    [[nodiscard]] std::string line(std::string_view member, std::size_t most,
                                   Need need = Need::optional);
    [[nodiscard]] std::string prose(std::string_view member, std::size_t most,
                                    Need need = Need::optional);
    /// One of `allowed`; `otherwise` where it is not there, or wrong, which is noted.
    [[nodiscard]] std::string_view choice(std::string_view member,
                                          std::span<const std::string_view> allowed,
                                          std::string_view otherwise);
    /// A whole number within limits, which are included; `least` and a note where it is none.
    [[nodiscard]] std::int64_t number(std::string_view member, std::int64_t least,
                                      std::int64_t most);
    /// An object inside; not called where it is not there.
    void inside(std::string_view member, const std::function<void(StarterReader&)>& read);
    /// A list of objects, in its order.
    void each(std::string_view member, std::size_t most,
              const std::function<void(StarterReader&)>& read);

    /// For a member that was read already, so that it is not left out.
    void know(std::string_view member) { asked_.emplace_back(member); }
    /// Says what is wrong with a member: nothing is planted.
    void note(std::string_view member, std::string_view problem);
    /// Says that a member is not planted, and why; an empty name is the object itself.
    void leave_out(std::string_view member, std::string_view why);
    /// Whether nothing was wrong so far, in the whole file.
    [[nodiscard]] bool good() const { return notes_->problems.empty(); }
    /// Says of each member that nobody has asked for that it is left out. `inside` and `each` do
    /// so of what they read.
    void leave_out_the_rest();

  private:
    [[nodiscard]] const boost::json::value* find(std::string_view member);
    [[nodiscard]] std::string path_to(std::string_view member) const;
    [[nodiscard]] std::string text(std::string_view member, bool in_lines, std::size_t most,
                                   Need need);

    const boost::json::object* object_;
    std::string where_;
    StarterNotes* notes_;
    std::vector<std::string> asked_;
};

/// Where a starter is planted.
struct Planting {
    store::Transaction& transaction;
    const auth::CollectiveId& collective; ///< it is there already, and perhaps has practices
    const Zones& zones;
    Moment now;
    Entropy& entropy;
};

/// What a room brings: its members of the file, which no other room has.
struct StarterPart {
    /// The practices of a collective: no person and no id, no address, no day on which something
    /// was done. Lists are in an order that comes from what is in them. What is empty (a text, a
    /// list, an object) is left out of the file.
    Result<View> (*write)(store::Transaction& transaction,
                          const auth::CollectiveId& collective) = nullptr;
    /// Reads these members with `reader` and adds them to a collective. What is there stays as it
    /// is; what would take its place is left out by name. Planted into an empty collective and
    /// written again they are the same. Where `reader` is not good, nothing will be kept.
    Result<void> (*plant)(Planting& planting, StarterReader& reader) = nullptr;
};

} // namespace allot::pages
