/// A paper from what somebody pasted. Nothing is looked up: no other server learns what is read.
#pragma once

#include "base/result.hpp"

#include <string>
#include <string_view>

namespace allot::gatherings {

struct Paper {
    std::string title;
    std::string link; ///< https, or empty

    friend bool operator==(const Paper&, const Paper&) = default;
};

/// Reads a title, a link, an arXiv id ("2301.12345v2", "hep-th/9901001"), a DOI, any of them beside
/// a title, or one entry of BibTeX. A paper without a title is called by its id or its link. Empty
/// text is no paper, and no error. Errors (`invalid`), each a key of the catalogue: BibTeX that
/// does not end or has no title, a link that is not https, a title that is too long.
[[nodiscard]] Result<Paper> read_paper(std::string_view pasted);

/// As it may be pasted again: the title, and its link in a line of its own.
[[nodiscard]] std::string paper_text(const Paper& paper);

} // namespace allot::gatherings
