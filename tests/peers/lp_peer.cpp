// GLPK on problems in CPLEX LP format.
//
//   lp_peer lp|mip FILE...
//       For each file one line: the optimum of its relaxation, or of the problem itself; "none"
//       where there is none or where GLPK gave up.

#include <csetjmp>
#include <cstdio>
#include <cstring>
#include <glpk.h>

namespace {

std::jmp_buf gave_up;

/// Some assertions of GLPK fail on problems that are only hard for its arithmetic.
void give_up(void*) {
    std::longjmp(gave_up, 1);
}

bool solved(glp_prob* problem, bool whole) {
    glp_smcp simplex;
    glp_init_smcp(&simplex);
    simplex.msg_lev = GLP_MSG_OFF;
    if (glp_simplex(problem, &simplex) != 0 || glp_get_status(problem) != GLP_OPT) {
        return false;
    }
    if (!whole) {
        return true;
    }
    glp_iocp search;
    glp_init_iocp(&search);
    search.msg_lev = GLP_MSG_OFF;
    search.tm_lim = 2000;
    return glp_intopt(problem, &search) == 0 && glp_mip_status(problem) == GLP_OPT;
}

void print_optimum(const char* path, bool whole) {
    if (setjmp(gave_up) != 0) {
        glp_free_env(); // and with it the problem
        std::puts("none");
        return;
    }
    glp_term_out(GLP_OFF);
    glp_error_hook(give_up, nullptr);
    glp_prob* problem = glp_create_prob();
    const bool read = glp_read_lp(problem, nullptr, path) == 0;
    glp_scale_prob(problem, GLP_SF_AUTO);
    if (read && solved(problem, whole)) {
        std::printf("%.9f\n", whole ? glp_mip_obj_val(problem) : glp_get_obj_val(problem));
    } else {
        std::puts("none");
    }
    glp_delete_prob(problem);
}

} // namespace

int main(int argc, char** argv) {
    const bool whole = argc > 1 && std::strcmp(argv[1], "mip") == 0;
    if (argc < 2 || (!whole && std::strcmp(argv[1], "lp") != 0)) {
        std::fputs("usage: lp_peer lp|mip FILE...\n", stderr);
        return 2;
    }
    for (int k = 2; k < argc; ++k) {
        print_optimum(argv[k], whole);
    }
    return 0;
}
