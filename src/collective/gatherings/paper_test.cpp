#include "collective/gatherings/paper.hpp"

#include <doctest/doctest.h>

using namespace allot;
using namespace allot::gatherings;

namespace {

Paper read(std::string_view pasted) {
    const auto paper = read_paper(pasted);
    REQUIRE_MESSAGE(paper.has_value(), paper.error().message);
    return *paper;
}

std::string refused(std::string_view pasted) {
    const auto paper = read_paper(pasted);
    return paper ? "read" : paper.error().message;
}

constexpr std::string_view bibtex = R"(@article{ada27,
  title = {On the {Night} Walks of Pl\"ants \& Moths},
  author = "Ada and Bo",
  year = 2027,
  doi = {10.1000/xyz(27)_3},
})";

} // namespace

TEST_CASE("an id of arXiv is a paper, however it is written") {
    const Paper paper{"arXiv:2301.12345v2", "https://arxiv.org/abs/2301.12345v2"};
    for (const std::string_view pasted :
         {"2301.12345v2", "arXiv:2301.12345v2", " https://arxiv.org/abs/2301.12345v2\n",
          "https://arxiv.org/pdf/2301.12345v2.pdf", "arxiv: 2301.12345v2",
          "(arXiv:2301.12345v2)."}) {
        CAPTURE(pasted);
        CHECK(read(pasted) == paper);
    }
    CHECK(read("hep-th/9901001").link == "https://arxiv.org/abs/hep-th/9901001");
}

TEST_CASE("a DOI is a paper, and its link is one whatever is in it") {
    CHECK(read("doi:10.1000/xyz123") ==
          Paper{"doi:10.1000/xyz123", "https://doi.org/10.1000/xyz123"});
    CHECK(read("https://dx.doi.org/10.1000/xyz123").link == "https://doi.org/10.1000/xyz123");
    CHECK(read("10.1000/a<b>#c").link == "https://doi.org/10.1000/a%3Cb%3E%23c");
}

TEST_CASE("a title stands before its id or link, or alone") {
    CHECK(read("How plants wait, arXiv:2301.12345") ==
          Paper{"How plants wait", "https://arxiv.org/abs/2301.12345"});
    CHECK(read("How plants wait\nhttps://lab.example/p.pdf") ==
          Paper{"How plants wait", "https://lab.example/p.pdf"});
    CHECK(read("https://lab.example/p.pdf").title == "https://lab.example/p.pdf");
    CHECK(read("How plants\n  wait") == Paper{"How plants wait", ""});
    CHECK(read("") == Paper{});
}

TEST_CASE("BibTeX gives its title and the best of its links") {
    CHECK(read(bibtex) ==
          Paper{"On the Night Walks of Plants & Moths", "https://doi.org/10.1000/xyz(27)_3"});
    CHECK(read("@misc{a, title={T}, eprint={2301.12345}, url={https://lab.example}}").link ==
          "https://arxiv.org/abs/2301.12345");
    CHECK(read("@misc{a, title={T}, url={ftp://x}}").link.empty());
}

TEST_CASE("what cannot be a paper is refused in words") {
    CHECK(refused("http://lab.example/p.pdf") == "paper.link");
    CHECK(refused("https://name@lab.example/p.pdf") == "paper.link");
    CHECK(refused(bibtex.substr(0, bibtex.size() - 1)) == "paper.bibtex_end");
    for (std::size_t size = 1; size < bibtex.size(); ++size) {
        CAPTURE(size);
        CHECK(refused(bibtex.substr(0, size)) == "paper.bibtex_end");
    }
    CHECK(refused("@misc{a, year = 2027}") == "paper.bibtex_title");
    CHECK(refused(std::string(500, 'x')) == "paper.long");
}

TEST_CASE("a paper that is pasted again stays the same") {
    for (const std::string_view pasted :
         {std::string_view("2301.12345"), std::string_view("doi:10.1000/xyz123"), bibtex,
          std::string_view("How plants wait, arXiv:2301.12345"),
          std::string_view("https://lab.example/p.pdf"), std::string_view("How plants wait")}) {
        CAPTURE(pasted);
        const Paper once = read(pasted);
        CHECK(read(paper_text(once)) == once);
    }
}
