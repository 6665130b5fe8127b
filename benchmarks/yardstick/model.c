/* The model's step in plain C: how fast this machine could run it.
 *
 * A translation of what `run_families` in src/bresim/cloning.py does for a run of which only the outcomes are kept:
 * the rules in src/bresim/rules, the draws and the outcomes, under the same names and with every calculation in the
 * same order, so that the outcomes are equal bit for bit. compare.py checks that, and times both.
 *
 * fields.h is written by compare.py from the Python sources: the structs `state`, `world`, `parameters`, `rules` and
 * `job`, and the constants of state.py and draws.py (the latter with DRAW_ in front). Arrays are as in state.py, rows
 * last: N municipalities, K themes, A arenas, F fields of an institution, I institutions of a design.
 *
 * With -DFIXED_N=16 -DFIXED_K=8 -DFIXED_A=4 the compiler knows the sizes too.
 */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "fields.h"

#ifndef FIXED_N
#define FIXED_N 0
#define FIXED_K 0
#define FIXED_A 0
#endif

typedef struct state State;
typedef const struct world World;
typedef const struct parameters Parameters;
typedef const struct rules Rules;

static inline int64_t towns(World *w) { return FIXED_N ? FIXED_N : w->n_towns; }
static inline int64_t themes(World *w) { return FIXED_K ? FIXED_K : w->n_themes; }
static inline int64_t arenas(World *w) { return FIXED_A ? FIXED_A : w->n_arenas; }

#define AT(array, at) ((array) + (at) * N)       /* row `at` of an array with a number a municipality in each row */
#define CELL(a, k) ((a) * K + (k))               /* place of theme k in arena a */
#define SLOT_OF(design, slot) ((design) * w->n_institutions + (slot))

/* Python's max(a, b) and min(a, b): the first where they are equal */
static inline double larger(double a, double b) { return b > a ? b : a; }
static inline double smaller(double a, double b) { return b < a ? b : a; }

static inline void set(double *restrict array, int64_t count, double value) {
    for (int64_t i = 0; i < count; i++) array[i] = value;
}

/* ---- draws.py ---- */

typedef struct { uint32_t word[4]; } Block;

static inline Block philox(uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3, uint32_t k0, uint32_t k1) {
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = UINT64_C(0xD2511F53) * c0, p1 = UINT64_C(0xCD9E8D57) * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        c1 = (uint32_t)p1;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c3 = (uint32_t)p0;
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    return (Block){{c0, c1, c2, c3}};
}

static inline double uniform(const uint64_t *key, int stream, int64_t quarter, int64_t a, int64_t b) {
    Block x = philox(quarter, key[2], (uint32_t)a << 16 | (uint32_t)b, stream, key[0], key[1]);
    return ((x.word[0] >> 5) * 67108864.0 + (x.word[1] >> 6)) * (1.0 / 9007199254740992.0);
}

static void fill(const uint64_t *key, int stream, int64_t quarter, int64_t a, double *restrict out, int64_t room) {
    int64_t blocks = room / 4;
    for (int64_t block = 0; block < blocks; block++) {
        Block x = philox(quarter, key[2], (uint32_t)a << 16 | (uint32_t)block, stream, key[0], key[1]);
        out[block] = x.word[0] * (1.0 / 4294967296.0);
        out[blocks + block] = x.word[1] * (1.0 / 4294967296.0);
        out[2 * blocks + block] = x.word[2] * (1.0 / 4294967296.0);
        out[3 * blocks + block] = x.word[3] * (1.0 / 4294967296.0);
    }
}

static inline int64_t room_for(int64_t count) { return (count + 3) / 4 * 4; }

static inline void fill_towns(State *s, World *w, int stream, int64_t quarter, int64_t a) {
    fill(s->key, stream, quarter, a, s->luck, room_for(towns(w)));
}

static inline void fill_themes(State *s, World *w, int stream, int64_t quarter, int64_t a) {
    fill(s->key, stream, quarter, a, s->luck_shock, room_for(themes(w)));
}

/* ---- logit.py ---- */

static inline double clip(double x) { return smaller(larger(x, 0.0), 1.0); }
static inline double around_half(double x) { return 2.0 * x - 1.0; }

static inline double power_of_two(double n) {
    int64_t bits = ((int64_t)n + 1023) << 52;
    double power;
    memcpy(&power, &bits, sizeof power);
    return power;
}

typedef struct { double above, below, power; } Ratio;

static inline Ratio ratio(double x) {
    double n = floor(x * 1.4426950408889634 + 0.5);
    double r = (x - n * 6.93145751953125e-1) - n * 1.42860682030941723212e-6;
    double square = r * r;
    double odd = (1.26177193074810590878e-4 * square + 3.02994407707441961300e-2) * square;
    double even = (3.00198505138664455042e-6 * square + 2.52448340349684104192e-3) * square;
    odd = r * (odd + 9.99999999999999999910e-1);
    even = (even + 2.27265548208155028766e-1) * square + 2.0;
    return (Ratio){even + odd, even - odd, power_of_two(n)};
}

static inline double portable_exp(double x) {
    Ratio e = ratio(smaller(larger(x, -700.0), 700.0));
    return e.above / e.below * e.power;
}

static inline double logistic(double x) {
    Ratio e = ratio(-smaller(larger(x, -30.0), 30.0));
    return e.below / (e.below + e.above * e.power);
}

static inline void choose(double *restrict chances, int64_t count) {
    for (int64_t m = 0; m < count; m++) chances[m] = logistic(chances[m]);
}

/* ---- acceptance.py ---- */

static inline double backing(double mandate, double stance) { return mandate + (1.0 - mandate) * stance; }

static void after_imposition(State *s, World *w, Parameters *p, int64_t a, int64_t k) {
    int64_t N = towns(w), K = themes(w);
    const bool *eligible = AT(s->eligible, a), *committed = AT(s->committed, CELL(a, k));
    for (int64_t i = 0; i < N; i++)
        if (eligible[i]) s->acceptance[i] *= 1.0 - (committed[i] ? 0.5 * p->acceptance_loss : p->acceptance_loss);
}

static inline void recover_acceptance(double *restrict now, const double *restrict start, double rate, int64_t N) {
    for (int64_t i = 0; i < N; i++) now[i] += rate * (start[i] - now[i]);
}

/* ---- reach.py ---- */

static inline void reach(double *restrict felt, const bool *restrict eligible, double strength, int64_t N) {
    for (int64_t i = 0; i < N; i++) felt[i] = larger(felt[i], strength * eligible[i]);
}

/* ---- support.py ---- */

static inline double involvement(Rules *rules) {
    return clip((rules->council_information + rules->council_group + rules->council_ratification) / 2.0);
}

static inline double council_weight(double extra, double local_party) { return 1.0 + extra * around_half(local_party); }

static inline void support_after_failure(State *s, Parameters *p, int64_t i) {
    s->support[i] = clip(s->support[i] - p->support_failure * s->support[i]);
}

static void update_support(State *s, World *w, Parameters *p) {
    int64_t N = towns(w), A = arenas(w);
    double *restrict involved = s->chances, *restrict support = s->support, *restrict recent = s->recent;
    const double *restrict start = w->support, *restrict load = s->load, *restrict harvest = s->harvest;
    set(involved, N, 0.0);
    for (int64_t a = 0; a < A; a++) reach(involved, AT(s->eligible, a), involvement(&s->rules[a]), N);
    for (int64_t i = 0; i < N; i++) {
        recent[i] = p->results_memory * recent[i] + (1.0 - p->results_memory) * smaller(1.0, harvest[i]);
        double goal = clip(start[i] + p->support_results * recent[i] + p->support_involvement * involved[i]
            - p->support_load * load[i]);
        support[i] = clip(support[i] + p->support_rate * (goal - support[i]));
    }
}

/* ---- partners.py ---- */

enum { ECONOMIC, SOCIETAL };

static inline double partner_gained(double trust, double gain, double share, double seats) {
    return trust + smaller(1.0, gain * share * (1.0 + 0.5 * seats)) * (1.0 - trust);
}

static void partners_after_success(State *s, World *w, Parameters *p, int64_t a, int64_t k) {
    double seats = s->rules[a].partner_seats;
    s->partner[ECONOMIC] = partner_gained(s->partner[ECONOMIC], p->partner_gain, w->economic[k], seats);
    s->partner[SOCIETAL] = partner_gained(s->partner[SOCIETAL], p->partner_gain, w->societal[k], seats);
}

static void partners_after_breakdown(State *s, World *w, Parameters *p, int64_t k) {
    s->partner[ECONOMIC] *= 1.0 - p->partner_loss * w->economic[k];
    s->partner[SOCIETAL] *= 1.0 - p->partner_loss * w->societal[k];
}

static void update_partners(State *s, World *w, Parameters *p) {
    int64_t K = themes(w);
    double talking = 0.0;
    for (int64_t k = 0; k < K; k++)
        if (s->phase[k] != IDLE && s->phase[k] != EXECUTING) talking += 1.0;
    for (int side = 0; side < 2; side++) {
        double drifted = s->partner[side] - p->partner_drift * talking / K;
        s->partner[side] = clip(drifted + p->partner_return * (p->partner_start - drifted));
    }
}

/* ---- trust.py ---- */

static inline double baseline(double base, double gap, double divide) {
    return smaller(larger(base - divide * gap, 0.02), 0.98);
}

static inline double seen(double visibility, double monitoring) { return visibility + (1.0 - visibility) * monitoring; }

static inline double shared_success(double claiming, double negativity, double celebration) {
    return 1.0 - claiming * negativity * (1.0 - celebration);
}

static inline void by_trusted(const double *restrict trust, double *restrict trusted, int64_t N) {
    for (int64_t j = 0; j < N; j++)
        for (int64_t i = 0; i < N; i++) trusted[j * N + i] = trust[i * N + j];
}

static inline void trust_in_others(const double *restrict trusted, const int64_t *restrict party, int64_t count,
                                   double *restrict mean, int64_t N) {
    double share = count > 1 ? 1.0 / (count - 1.0) : 0.0;
    set(mean, N, 0.0);
    for (int64_t n = 0; n < count; n++) {
        const double *restrict row = AT(trusted, party[n]);
        for (int64_t i = 0; i < N; i++) mean[i] += row[i];
    }
    for (int64_t i = 0; i < N; i++) mean[i] = count > 1 ? mean[i] * share : 0.5;
}

static inline void learn_of_all(double *restrict trust, double *restrict grievance, const double *restrict gains,
                                const double *restrict losses, const double *restrict hurts, double omega, int64_t N) {
    for (int64_t j = 0; j < N; j++) {
        double risen = trust[j] + gains[j] * larger(0.0, (1.0 - omega * grievance[j]) - trust[j]);
        trust[j] = risen * (1.0 - smaller(1.0, losses[j]));
        grievance[j] += hurts[j] * (1.0 - grievance[j]);
    }
}

static void learn(State *s, World *w, Parameters *p, int64_t a, int64_t count) {
    int64_t N = towns(w);
    Rules *rules = &s->rules[a];
    double share = seen(p->visibility, rules->monitoring);
    double good = p->trust_gain * share * shared_success(p->claiming, s->scalars[NEGATIVITY], rules->celebration);
    double bad = p->trust_gain * p->trust_loss_ratio * share;
    double hurt = p->grievance_rate * share;
    double *restrict gains = s->luck, *restrict losses = s->told, *restrict hurts = s->standing;
    set(gains, N, 0.0);
    set(losses, N, 0.0);
    set(hurts, N, 0.0);
    for (int64_t n = 0; n < count; n++) {
        int64_t j = s->party[n];
        bool kept = s->delivered[j];
        gains[j] = kept ? good : 0.0;
        losses[j] = kept ? 0.0 : bad;
        hurts[j] = kept ? 0.0 : hurt;
    }
    for (int64_t m = 0; m < count; m++) {
        int64_t i = s->party[m];
        learn_of_all(AT(s->trust, i), AT(s->grievance, i), gains, losses, hurts, p->trust_ceiling, N);
        s->trust[i * N + i] = 0.0;
        s->grievance[i * N + i] = 0.0;
    }
}

static inline void settle_row(double *restrict trust, const double *restrict base, const double *restrict gap,
                              double divide, double rate, int64_t N) {
    for (int64_t j = 0; j < N; j++) {
        double rest = baseline(base[j], gap[j], divide);
        trust[j] = clip(trust[j] + rate * (rest - trust[j]));
    }
}

static void settle(State *s, World *w, Parameters *p) {
    int64_t N = towns(w);
    for (int64_t i = 0; i < N; i++) {
        settle_row(AT(s->trust, i), AT(s->base_trust, i), AT(s->trust_gap, i), s->scalars[DIVIDE], p->trust_return, N);
        s->trust[i * N + i] = 0.0;
    }
}

/* ---- load.py ---- */

static inline double execution_capacity(double scale, double size, double exponent) {
    return scale * portable_exp(exponent * log(size));
}

static inline bool pays(State *s, int64_t a, int64_t i, int64_t N) {
    return AT(s->eligible, a)[i] && (AT(s->board, a)[i] || s->rules[a].pooled_by_board < 0.5);
}

static inline void add_tables(double *restrict tables, const double *restrict own, const bool *restrict eligible,
                              double under_way, double idle_seat, int64_t N) {
    for (int64_t i = 0; i < N; i++) tables[i] += own[i] + (eligible[i] ? under_way - own[i] : 0.0) * idle_seat;
}

static inline void add_members(double *restrict count, const bool *restrict member, int64_t N) {
    for (int64_t i = 0; i < N; i++) count[i] += member[i];
}

static void count_tables(State *s, World *w) {
    int64_t N = towns(w), K = themes(w), A = arenas(w);
    set(s->tables, N, 0.0);
    for (int64_t a = 0; a < A; a++) {
        double under_way = 0.0;
        set(s->told, N, 0.0);
        for (int64_t k = 0; k < K; k++)
            if (s->phase[CELL(a, k)] != IDLE) {
                under_way += 1.0;
                add_members(s->told, AT(s->committed, CELL(a, k)), N);
            }
        add_tables(s->tables, s->told, AT(s->eligible, a), under_way, s->rules[a].open_tables, N);
    }
}

static void count_pledges(State *s, World *w) {
    int64_t N = towns(w), cells = arenas(w) * themes(w);
    set(s->pledges, N, 0.0);
    for (int64_t cell = 0; cell < cells; cell++)
        if (s->phase[cell] == EXECUTING) add_members(s->pledges, AT(s->committed, cell), N);
}

static void update_load(State *s, World *w, Parameters *p, int64_t t) {
    int64_t N = towns(w), A = arenas(w), solution = s->solution[0];
    double *restrict thinned = s->mixed, *restrict merged = s->chances, *restrict capacity = s->capacity;
    const double *light_voluntary = AT(w->light_voluntary, solution), *body_voluntary = AT(w->body_voluntary, solution);
    const double *light_mandatory = AT(w->light_mandatory, solution), *body_mandatory = AT(w->body_mandatory, solution);
    count_tables(s, w);
    set(thinned, N, 0.0);
    set(merged, N, 0.0);
    for (int64_t a = 0; a < A; a++) {
        reach(thinned, AT(s->eligible, a), s->rules[a].thinning, N);
        reach(merged, AT(s->eligible, a), s->rules[a].merging, N);
    }
    double scale = w->capacity_factor[t] * execution_capacity(1.0, w->population_factor[t], p->capacity_exponent);
    for (int64_t i = 0; i < N; i++) {
        capacity[i] = s->base_capacity[i] * scale;
        double lighter = 1.0 - p->merging_saving * merged[i];
        double kept = (1.0 - p->thinning_reach * thinned[i]) * lighter;
        double voluntary = light_voluntary[i] + p->body_load * body_voluntary[i];
        double mandatory = light_mandatory[i] + p->body_load * body_mandatory[i];
        double standing = p->collaboration_fte * (mandatory + kept * voluntary);
        double work = standing + p->table_fte * s->tables[i] * lighter;
        s->load[i] = smaller(1.0, work / capacity[i]);
        s->slack[i] = capacity[i] - work;
    }
    for (int64_t a = 0; a < A; a++) {
        const bool *member = AT(w->member, a);
        double total = 0.0, pool = 0.0, share = s->rules[a].pooled_capacity;
        for (int64_t i = 0; i < N; i++) total += member[i] ? capacity[i] : 0.0;
        if (share > 0.0)
            for (int64_t i = 0; i < N; i++) {
                double pooled = pays(s, a, i, N) ? share * capacity[i] : 0.0;
                pool += pooled;
                s->slack[i] -= pooled;
            }
        s->arena_capacity[a] = total;
        s->arena_pool[a] = pool;
    }
    for (int64_t i = 0; i < N; i++) s->slack[i] = larger(0.0, s->slack[i]);
}

/* ---- commitment.py (small functions that other rules use too) ---- */

static inline double effective_interest(double own, double shared, double kappa) {
    return (1.0 - kappa) * shared + kappa * own;
}

static inline double parochialism_in(double kappa, double bond, bool regional) {
    return regional ? kappa : kappa * (1.0 - bond);
}

static inline double threat(double steering, double acceptance, double weight, double reactance) {
    return steering * (acceptance * weight - (1.0 - acceptance) * reactance);
}

static inline double money_for(double window, double cofunding, double programme) {
    return clip(window + cofunding + programme);
}

static inline double acceptance_now(double accepted, double gain, double mandate) {
    return clip(accepted + gain * mandate);
}

static inline double unequal_say(double equal_say, double sounding_board, double effect) {
    return (1.0 - equal_say) * (1.0 - effect * sounding_board);
}

/* ---- adoption.py ---- */

static double mean_trust(State *s, int64_t i, const bool *mask, int64_t N) {
    double total = 0.0, count = 0.0;
    for (int64_t j = 0; j < N; j++)
        if (mask[j] && j != i) {
            total += s->trust[i * N + j];
            count += 1.0;
        }
    return count > 0.0 ? total / count : 0.5;
}

static bool vote(State *s, World *w, Parameters *p, int64_t t) {
    int64_t N = towns(w), at = SLOT_OF(s->design[0], DESIGN);
    Rules *rules = &w->rules[at];
    const bool *eligible = AT(w->eligible, at), *board = AT(w->board, at);
    double say = unequal_say(rules->equal_say, rules->sounding_board, p->sounding_effect);
    double yes = 0.0, count = 0.0;
    for (int64_t i = 0; i < N; i++) {
        if (!eligible[i]) continue;
        bool paying = board[i] || rules->pooled_by_board < 0.5;
        double pooled = paying ? rules->pooled_capacity : 0.0;
        double loss = (rules->binding + smaller(1.0, 10.0 * pooled) + rules->steering) / 3.0;
        double weight = council_weight(p->council_local, w->local_party[i]);
        double x = p->adopt_base
            + p->adopt_trust * around_half(mean_trust(s, i, eligible, N))
            + p->adopt_support * weight * around_half(s->support[i])
            + p->adopt_orientation * around_half(w->orientation[i])
            - p->adopt_autonomy * s->scalars[KAPPA] * loss
            - p->adopt_say * (board[i] ? 0.0 : say) * (0.5 + 0.5 * s->scalars[DIVIDE]);
        count += 1.0;
        if (uniform(s->key, DRAW_ADOPT, t, i, 0) < logistic(x)) yes += 1.0;
    }
    return yes >= rules->adoption_quota * count - 1e-9 && yes >= smaller(rules->min_members, count);
}

static void enter(State *s, World *w, int64_t a, int64_t slot) {
    int64_t N = towns(w), K = themes(w), at = SLOT_OF(s->design[0], slot), count = 0;
    bool *eligible = AT(s->eligible, a);
    for (int64_t i = 0; i < N; i++) {
        eligible[i] = AT(w->eligible, at)[i] && AT(w->member, a)[i];
        if (eligible[i]) AT(s->invited, a)[count++] = i;
    }
    s->n_invited[a] = count;
    for (int64_t k = 0; k < K; k++) {
        s->in_scope[CELL(a, k)] = w->in_scope[at * K + k];
        if (s->phase[CELL(a, k)] == NEGOTIATING)
            for (int64_t i = 0; i < N; i++)
                if (!eligible[i]) AT(s->committed, CELL(a, k))[i] = false;
    }
}

static void seat_board(State *s, World *w, int64_t a, int64_t slot, int64_t t) {
    int64_t N = towns(w), at = SLOT_OF(s->design[0], slot), candidates = 0;
    const bool *rotation = AT(w->rotation, at);
    bool *board = AT(s->board, a), has_board = false;
    memcpy(board, AT(w->board, at), N * sizeof *board);
    for (int64_t i = 0; i < N; i++) {
        candidates += rotation[i];
        has_board = has_board || board[i];
    }
    if (!has_board) return;
    int64_t seats = (int64_t)s->rules[a].rotating_seats;
    if (candidates < seats) seats = candidates;
    for (int64_t seat = 0; seat < seats; seat++) {
        int64_t turn = (t / 4 * seats + seat) % candidates;
        for (int64_t i = 0; i < N; i++)
            if (rotation[i]) {
                if (turn == 0) board[i] = true;
                turn -= 1;
            }
    }
}

static void update_adoption(State *s, World *w, Parameters *p, int64_t t) {
    int64_t A = arenas(w), F = w->n_fields, d = s->design[0], old = (int64_t)s->scalars[SLOT], slot;
    Rules *design = &w->rules[SLOT_OF(d, DESIGN)];
    if (t < w->policy_start) {
        slot = BEFORE;
    } else {
        if (s->scalars[ADOPTED] == 0.0) {
            bool waited = (t - w->policy_start) % (int64_t)rint(p->adopt_interval) == 0;
            if (design->adoption_quota <= 0.0 || (waited && vote(s, w, p, t))) {
                s->scalars[ADOPTED] = 1.0;
                s->scalars[ADOPTED_QUARTER] = t;
            }
        }
        slot = FALLBACK;
        if (s->scalars[ADOPTED] == 1.0) {
            slot = DESIGN;
            if (design->term_quarters > 0.0 && t - s->scalars[ADOPTED_QUARTER] >= design->term_quarters)
                slot = w->has_successor[d] ? SUCCESSOR : FALLBACK;
        }
    }
    double ramp = 1.0;
    if (slot == DESIGN && design->setup_quarters > 0.0)
        ramp = smaller(1.0, (t - s->scalars[ADOPTED_QUARTER] + 1.0) / (design->setup_quarters + 1.0));
    double *restrict now = s->rule_values;
    const double *goal = w->rule_values + SLOT_OF(d, slot) * F, *start = w->rule_values + SLOT_OF(d, FALLBACK) * F;
    for (int64_t f = 0; f < F; f++)
        now[f] = w->ramps[f] && slot == DESIGN ? start[f] + ramp * (goal[f] - start[f]) : goal[f];
    s->rules[0].programme_money *= smaller(1.0, w->window_factor[t]);
    if (t == 0 || slot != old) {
        s->scalars[SLOT] = slot;
        enter(s, w, 0, slot);
    }
    if (t % 4 == 0 || slot != old) seat_board(s, w, 0, slot, t);
    for (int64_t a = 1; a < A; a++) {
        if (t == 0) {
            s->rules[a] = w->rules[SLOT_OF(d, ARENAS + a - 1)];
            enter(s, w, a, ARENAS + a - 1);
        }
        if (t % 4 == 0) seat_board(s, w, a, ARENAS + a - 1, t);
    }
    if (w->provincial_election[t]) s->scalars[INTERVENES] = 0.0;
    if (s->scalars[DROUGHT] >= p->mandate_patience) s->scalars[INTERVENES] = 1.0;
    s->scalars[STEERING] =
        s->rules[0].steering * backing(s->rules[0].mandate, s->scalars[STANCE] * s->scalars[INTERVENES]);
    if (t >= w->policy_start) s->scalars[DROUGHT] += 1.0;
}

/* ---- events.py ---- */

static inline double window_chance(double rate, double propensity, double lobby_effect, double lobby,
                                   double indirect_effect, double indirect) {
    return clip(rate * propensity * (1.0 + lobby_effect * lobby) * (1.0 + indirect_effect * indirect));
}

static void turn_over(State *s, World *w, Parameters *p, int64_t t, int64_t i, double weight) {
    int64_t N = towns(w), K = themes(w), A = arenas(w);
    double divide = s->scalars[DIVIDE], pull = weight * p->turnover_pull;
    double *trust = s->trust;
    const double *base = s->base_trust, *gap = s->trust_gap;
    for (int64_t of = i * N; of < (i + 1) * N; of++) trust[of] += pull * (baseline(base[of], gap[of], divide) - trust[of]);
    trust[i * N + i] = 0.0;
    for (int64_t in = i; in < N * N; in += N) trust[in] += pull * (baseline(base[in], gap[in], divide) - trust[in]);
    trust[i * N + i] = 0.0;
    for (int64_t a = 0; a < A; a++) {
        double loose = 1.0 - s->rules[a].binding;
        for (int64_t k = 0; k < K; k++) {
            int64_t cell = CELL(a, k);
            if (!AT(s->committed, cell)[i]) continue;
            if (s->phase[cell] == NEGOTIATING) {
                if (uniform(s->key, DRAW_DROP_COMMITMENT, t, cell, i) < pull * loose) AT(s->committed, cell)[i] = false;
            } else if (s->phase[cell] == EXECUTING) {
                double chance = weight * p->exit_rate * loose * (1.0 - s->rules[a].exit_cost);
                if (uniform(s->key, DRAW_EXIT, t, cell, i) < chance) {
                    AT(s->committed, cell)[i] = false;
                    AT(s->coerced, cell)[i] = false;
                }
            }
        }
    }
}

static double voice(State *s, World *w) {
    int64_t N = towns(w), A = arenas(w);
    double strongest = 0.0;
    for (int64_t a = 0; a < A; a++) {
        if (s->rules[a].lobby <= 0.0) continue;
        double people = 0.0;
        for (int64_t m = 0; m < s->n_invited[a]; m++) people += w->population[AT(s->invited, a)[m]];
        strongest = larger(strongest, s->rules[a].lobby * people);
    }
    return strongest;
}

static void happen(State *s, World *w, Parameters *p, int64_t t) {
    int64_t N = towns(w), K = themes(w);
    const double *scheduled = w->shock + t * K, *granted = w->window + t * K;
    double factor = w->window_factor[t], rate = p->shock_rate * w->shock_factor[t];
    double *restrict shock = s->shock, *restrict window = s->window;
    const double *luck = s->luck_shock;
    fill_themes(s, w, DRAW_SHOCK, t, 0);
    for (int64_t k = 0; k < K; k++) {
        double left = p->shock_persistence * shock[k];
        shock[k] = larger(left, scheduled[k]);
        if (luck[k] < rate) shock[k] = larger(shock[k], p->shock_size);
        if (shock[k] > left) {
            double *restrict urgency = AT(s->urgency, k), rise = shock[k] - left;
            for (int64_t i = 0; i < N; i++) urgency[i] += p->shock_jolt * rise * (1.0 - urgency[i]);
        }
    }
    double general = voice(s, w);
    fill_themes(s, w, DRAW_WINDOW, t, 0);
    for (int64_t k = 0; k < K; k++) {
        window[k] = larger(p->window_persistence * window[k], granted[k]);
        double ceiling = window_chance(p->window_rate, w->money[k], p->lobby_effect, 1.0, p->indirect_effect, 1.0);
        if (luck[k] >= ceiling * factor) continue;
        double indirect = 0.0;
        const double *realised = AT(s->indirect, k * 2 + REGIONAL);
        for (int64_t i = 0; i < N; i++) indirect += w->population[i] * realised[i];
        double lobby = clip(general + s->rules[0].cross_border_focus * w->border_theme[k]);
        double chance =
            window_chance(p->window_rate, w->money[k], p->lobby_effect, lobby, p->indirect_effect, indirect);
        if (luck[k] < chance * factor) window[k] = 1.0;
    }
    bool election = w->election[t], campaign = election || (t + 1 < w->n_quarters && w->election[t + 1]);
    s->scalars[KAPPA] = clip(s->scalars[PAROCHIALISM] * (1.0 + (campaign ? p->campaign_effect : 0.0)));
    fill_towns(s, w, DRAW_TURNOVER, t, 0);
    for (int64_t i = 0; i < N; i++) {
        double chance;
        if (election) {
            chance = clip((p->turnover_base + p->turnover_local * w->local_party[i]) * w->turnover_factor[t]);
            double jolt = 2.0 * uniform(s->key, DRAW_ELECTION_JOLT, t, i, 0) - 1.0;
            s->support[i] = clip(s->support[i] + p->election_jolt * jolt);
        } else {
            chance = clip(w->instability[i] * w->turnover_factor[t]);
        }
        if (s->luck[i] < chance) turn_over(s, w, p, t, i, election ? 1.0 : p->resignation_share);
    }
    if (election)
        for (int64_t k = 0; k < K; k++) {
            double *restrict urgency = AT(s->urgency, k);
            fill_towns(s, w, DRAW_ELECTION_URGENCY, t, k);
            for (int64_t i = 0; i < N; i++)
                urgency[i] = clip(urgency[i] + p->urgency_jolt * (2.0 * s->luck[i] - 1.0));
        }
    if (w->province_stance[t] >= 0.0) {
        s->scalars[STANCE] = w->province_stance[t];
    } else if (w->provincial_election[t]) {
        double step = p->turbulence_step * (2.0 * uniform(s->key, DRAW_PROVINCIAL_ELECTION, t, 0, 0) - 1.0);
        s->scalars[STANCE] = clip(s->scalars[STANCE] + step);
    }
}

/* ---- urgency.py ---- */

static inline double felt_severity(double severity, double factor, double shock, double relief, double realised) {
    double unmet = clip(severity * factor) * (1.0 - relief * realised);
    return 1.0 - (1.0 - unmet) * (1.0 - shock);
}

static inline double influenced(double urgency, double severity, double influence, double others, double rate) {
    return urgency + rate * ((1.0 - influence) * severity + influence * others - urgency);
}

static inline void shares(const double *restrict trusted, double *restrict share, int64_t N) {
    set(share, N, 0.0);
    for (int64_t j = 0; j < N; j++)
        for (int64_t i = 0; i < N; i++) share[i] += trusted[j * N + i];
    for (int64_t i = 0; i < N; i++) share[i] = share[i] > 0.0 ? 1.0 / share[i] : 0.0;
}

static inline void mix(const double *restrict trusted, const double *restrict share, const double *restrict urgency,
                       double *restrict mixed, int64_t N) {
    set(mixed, N, 0.0);
    for (int64_t j = 0; j < N; j++)
        for (int64_t i = 0; i < N; i++) mixed[i] += trusted[j * N + i] * urgency[j];
    for (int64_t i = 0; i < N; i++) mixed[i] = share[i] > 0.0 ? mixed[i] * share[i] : urgency[i];
}

static inline void feel(double *restrict urgency, const double *restrict severity, const double *restrict direct,
                        const double *restrict others, double factor, double shock, Parameters *p, int64_t N) {
    for (int64_t i = 0; i < N; i++) {
        double realised = (AT(direct, REGIONAL)[i] + AT(direct, SUBREGIONAL)[i] + AT(direct, LOCAL)[i]) * (1.0 / 3.0);
        double felt = felt_severity(severity[i], factor, shock, p->urgency_relief, realised);
        urgency[i] = influenced(urgency[i], felt, p->urgency_influence, others[i], p->urgency_rate);
    }
}

static void update_urgency(State *s, World *w, Parameters *p, int64_t t) {
    int64_t N = towns(w), K = themes(w);
    double factor = w->severity_factor[t];
    by_trusted(s->trust, s->trusted, N);
    shares(s->trusted, s->told, N);
    for (int64_t k = 0; k < K; k++) {
        double *urgency = AT(s->urgency, k);
        mix(s->trusted, s->told, urgency, s->mixed, N);
        feel(urgency, AT(w->severity, k), AT(s->direct, 3 * k), s->mixed, factor, s->shock[k], p, N);
    }
}

/* ---- agenda.py ---- */

static uint64_t member_bits(State *s, int64_t cell, int64_t N) {
    uint64_t members = 0;
    for (int64_t i = 0; i < N; i++) members |= (uint64_t)AT(s->committed, cell)[i] << i;
    return members;
}

static void open_initiative(State *s, World *w, int64_t a, int64_t k, int64_t t) {
    int64_t N = towns(w), K = themes(w), cell = CELL(a, k), row = s->log_size[0]++;
    double *log = s->log + row * N_LOG;
    s->phase[cell] = NEGOTIATING;
    s->clock[cell] = s->progress[cell] = s->grant[cell] = s->share[cell] = 0.0;
    memset(AT(s->committed, cell), 0, N * sizeof(bool));
    memset(AT(s->coerced, cell), 0, N * sizeof(bool));
    s->log_row[cell] = row;
    set(log, N_LOG, -1.0);
    log[L_THEME] = k;
    log[L_ARENA] = a;
    log[L_OPENED] = t;
    log[L_OUTCOME] = OPEN;
    log[L_IMPOSED] = log[L_FUNDED] = log[L_COERCED] = 0.0;
    log[L_ELIGIBLE] = s->n_invited[a];
    s->log_members[row] = 0;
}

static double rest(State *s, World *w, int64_t a) {
    int64_t K = themes(w);
    double under_way = 0.0;
    for (int64_t cell = CELL(a, 0); cell < CELL(a + 1, 0); cell++) {
        if (s->phase[cell] != IDLE) under_way += 1.0;
        else s->rest[cell] = larger(0.0, s->rest[cell] - 1.0);
    }
    return under_way;
}

static void update_agenda(State *s, World *w, Parameters *p, int64_t t) {
    int64_t N = towns(w), K = themes(w), A = arenas(w);
    double *restrict pulls = s->pulls;
    const double *luck = s->luck_shock;
    double ceiling = 1.0 - portable_exp(-p->open_rate);
    for (int64_t a = 0; a < A; a++) {
        Rules *rules = &s->rules[a];
        const int64_t *invited = AT(s->invited, a), count = s->n_invited[a];
        double under_way = rest(s, w, a);
        if (under_way >= rules->max_open) continue;
        int64_t candidates = 0;
        fill_themes(s, w, DRAW_AGENDA, t, a);
        for (int64_t k = 0; k < K; k++) {
            int64_t cell = CELL(a, k);
            pulls[k] = -1.0;
            if (luck[k] >= ceiling || s->phase[cell] != IDLE || !s->in_scope[cell] || s->rest[cell] > 0.0) continue;
            double urgency = 0.0, people = 0.0;
            for (int64_t m = 0; m < count; m++) {
                people += w->population[invited[m]];
                urgency += w->population[invited[m]] * AT(s->urgency, k)[invited[m]];
            }
            double focus = rules->cross_border_focus * w->border_theme[k];
            double pull = (1.0 - rules->follows_money) * (urgency / people) + rules->follows_money * s->window[k];
            pull += (1.0 - pull) * focus;
            if (luck[k] < 1.0 - portable_exp(-p->open_rate * pull)) {
                pulls[k] = pull;
                candidates++;
            }
        }
        for (int64_t n = 0; n < candidates && under_way < rules->max_open; n++) {
            int64_t best = -1;
            for (int64_t k = 0; k < K; k++)
                if (pulls[k] >= 0.0 && (best < 0 || pulls[k] > pulls[best])) best = k;
            if (best < 0) break;
            open_initiative(s, w, a, best, t);
            under_way += 1.0;
            pulls[best] = -1.0;
        }
    }
}

/* ---- commitment.py ---- */

static void stand(State *s, World *w, Parameters *p, int64_t a) {
    int64_t N = towns(w);
    Rules *rules = &s->rules[a];
    bool regional = w->arena_scale[a] == REGIONAL;
    double steering = regional ? s->scalars[STEERING] : 0.0;
    double say = unequal_say(rules->equal_say, rules->sounding_board, p->sounding_effect) * s->scalars[DIVIDE];
    for (int64_t m = 0; m < s->n_invited[a]; m++) {
        int64_t i = AT(s->invited, a)[m];
        double granted = acceptance_now(s->acceptance[i], p->acceptance_mandate, rules->mandate);
        double weight = council_weight(p->council_local, w->local_party[i]);
        s->standing[i] = p->join_base
            + p->join_trust * around_half(AT(s->arena_trust, a)[i])
            + p->join_slack * (s->slack[i] / s->capacity[i])
            + p->join_support * weight * around_half(s->support[i])
            + p->join_facilitation * rules->facilitation
            + p->join_orientation * (regional ? around_half(w->orientation[i]) : 0.0)
            + threat(steering, granted, p->join_threat, p->join_reactance)
            - p->join_binding * rules->binding * (1.0 - s->support[i])
            - p->join_say * (AT(s->board, a)[i] ? 0.0 : say);
    }
}

static void decide_commitment(State *s, World *w, Parameters *p, int64_t t, int64_t a, int64_t k) {
    int64_t N = towns(w), K = themes(w), cell = CELL(a, k), count = s->n_invited[a];
    Rules *rules = &s->rules[a];
    bool negotiating = s->phase[cell] == NEGOTIATING;
    double pace = clip(p->pace * (1.0 + p->facilitation_pace * rules->facilitation));
    double ease = negotiating ? pace : pace * rules->late_joining;
    double withdrawal = negotiating ? 2.0 * p->revoke * rules->revocable * (1.0 - rules->binding) : 0.0;
    double provincial = rules->cofunding * backing(rules->mandate, s->scalars[STANCE]);
    double money = money_for(larger(s->window[k], s->grant[cell]), provincial, rules->programme_money);
    double kappa = parochialism_in(s->scalars[KAPPA], p->subregional_bond, w->arena_scale[a] == REGIONAL);
    bool *restrict member = AT(s->committed, cell);
    const double *own = AT(s->interest, k), *urgency = AT(s->urgency, k), *luck = s->luck;
    const bool *restrict eligible = AT(s->eligible, a);
    double shared = s->arena_interest[cell];
    int64_t joined = 0;
    for (int64_t i = 0; i < N; i++) joined += member[i] & eligible[i];
    if (joined == count && !negotiating) return;
    double peers = (double)joined / count;
    fill_towns(s, w, DRAW_COMMIT, t, cell);
    double *restrict chances = s->chances;
    const double *restrict standing = s->standing;
    for (int64_t i = 0; i < N; i++) {
        double interest = effective_interest(own[i], shared, kappa);
        chances[i] = standing[i] + (p->join_urgency * urgency[i]
            + p->join_interest * interest
            + p->join_money * money
            + p->join_opt_out * rules->opt_out * (1.0 - interest)
            + p->join_peers * (peers - 0.5));
    }
    choose(chances, N);
    for (int64_t i = 0; i < N; i++) {
        bool turns = luck[i] < (member[i] ? withdrawal * (1.0 - chances[i]) : ease * chances[i]);
        member[i] ^= turns & eligible[i];
    }
}


static bool is_open(State *s, World *w, int64_t a, int64_t k) {
    int64_t K = themes(w), cell = CELL(a, k);
    if (s->phase[cell] == NEGOTIATING) return s->clock[cell] >= s->rules[a].form_quarters;
    return s->phase[cell] != IDLE && s->rules[a].late_joining > 0.0;
}

static void update_commitment(State *s, World *w, Parameters *p, int64_t t) {
    int64_t N = towns(w), K = themes(w), A = arenas(w);
    for (int64_t a = 0; a < A; a++) {
        bool ready = false;
        for (int64_t k = 0; k < K; k++) {
            if (!is_open(s, w, a, k)) continue;
            if (!ready) {
                trust_in_others(s->trusted, AT(s->invited, a), s->n_invited[a], AT(s->arena_trust, a), N);
                stand(s, w, p, a);
                ready = true;
            }
            decide_commitment(s, w, p, t, a, k);
        }
    }
}

/* ---- grievance.py ---- */

static void after_deadlock(State *s, World *w, Parameters *p, int64_t a, int64_t k) {
    int64_t N = towns(w), K = themes(w);
    const bool *eligible = AT(s->eligible, a), *committed = AT(s->committed, CELL(a, k));
    for (int64_t i = 0; i < N; i++) {
        if (!committed[i]) continue;
        double *grievance = AT(s->grievance, i);
        for (int64_t j = 0; j < N; j++)
            grievance[j] += (eligible[j] & !committed[j] ? p->holdout_grievance : 0.0) * (1.0 - grievance[j]);
    }
}

static void after_overrun(State *s, World *w, Parameters *p, int64_t a, int64_t k) {
    int64_t N = towns(w), K = themes(w);
    const bool *committed = AT(s->committed, CELL(a, k));
    for (int64_t i = 0; i < N; i++) {
        if (!committed[i]) continue;
        double *grievance = AT(s->grievance, i);
        for (int64_t j = 0; j < N; j++)
            grievance[j] += (committed[j] ? p->overrun_grievance : 0.0) * (1.0 - grievance[j]);
        grievance[i] = 0.0;
    }
}

static void after_overruling(State *s, World *w, Parameters *p, int64_t a, int64_t k) {
    int64_t N = towns(w), K = themes(w);
    const bool *eligible = AT(s->eligible, a), *committed = AT(s->committed, CELL(a, k));
    for (int64_t i = 0; i < N; i++) {
        if (!eligible[i] || committed[i]) continue;
        double *grievance = AT(s->grievance, i);
        double granted = acceptance_now(s->acceptance[i], p->acceptance_mandate, s->rules[a].mandate);
        double hurt = p->overruling_grievance * (1.0 - granted);
        for (int64_t j = 0; j < N; j++)
            if (committed[j]) grievance[j] += hurt * (1.0 - grievance[j]);
    }
}

static inline void remember(double *restrict grievance, const double *restrict told, Parameters *p, double nu,
                            int64_t N) {
    for (int64_t j = 0; j < N; j++) {
        double kept = grievance[j] * (1.0 - p->grievance_decay * (1.0 - p->grievance_memory * nu));
        grievance[j] = clip(kept + p->retelling * nu * (told[j] - kept));
    }
}

static void update_grievance(State *s, World *w, Parameters *p) {
    int64_t N = towns(w);
    double *restrict grievance = s->grievance, *restrict told = s->told;
    set(told, N, 0.0);
    for (int64_t i = 0; i < N; i++)
        for (int64_t j = 0; j < N; j++) told[j] += grievance[i * N + j];
    for (int64_t j = 0; j < N; j++) told[j] /= N - 1.0;
    for (int64_t i = 0; i < N; i++) {
        remember(AT(grievance, i), told, p, s->scalars[NEGATIVITY], N);
        grievance[i * N + i] = 0.0;
    }
}

/* ---- value.py ---- */

static inline double closed(double realised, double share) { return realised + share * (1.0 - realised); }

static double coverage_effect(State *s, World *w, double exponent, int64_t a, int64_t k) {
    int64_t N = towns(w), K = themes(w);
    double inside = 0.0, total = 0.0;
    for (int64_t i = 0; i < N; i++) {
        if (!AT(w->member, a)[i]) continue;
        double need = w->population[i] * AT(w->severity, k)[i];
        total += need;
        if (AT(s->committed, CELL(a, k))[i]) inside += need;
    }
    double coverage = total > 0.0 ? inside / total : 0.0;
    return coverage > 0.0 ? portable_exp(exponent * log(coverage)) : 0.0;
}

static void agree(State *s, World *w, Parameters *p, int64_t a, int64_t k) {
    int64_t N = towns(w), K = themes(w);
    double *indirect = AT(s->indirect, k * 2 + w->arena_scale[a]);
    double share = p->agreement_closure * coverage_effect(s, w, p->coverage_exponent, a, k);
    for (int64_t i = 0; i < N; i++)
        if (AT(w->member, a)[i])
            indirect[i] = closed(indirect[i], AT(s->committed, CELL(a, k))[i] ? share : share * p->spillover);
}

static void complete(State *s, World *w, Parameters *p, int64_t a, int64_t k, double fraction, bool done) {
    int64_t N = towns(w), K = themes(w);
    double *direct = AT(s->direct, k * 3 + w->arena_scale[a]);
    double told = shared_success(p->claiming, s->scalars[NEGATIVITY], s->rules[a].celebration);
    double share = fraction * p->closure * coverage_effect(s, w, p->coverage_exponent, a, k);
    for (int64_t i = 0; i < N; i++) {
        if (!AT(w->member, a)[i]) continue;
        bool joined = AT(s->committed, CELL(a, k))[i];
        direct[i] = closed(direct[i], joined ? share : share * p->spillover);
        if (done && joined) s->harvest[i] += told;
    }
}

static inline void close_gap(double *restrict realised, const double *restrict shares, int64_t N) {
    for (int64_t i = 0; i < N; i++) realised[i] = closed(realised[i], shares[i]);
}

static inline void close_gap_by_law(double *restrict realised, const double *restrict shares,
                                    const double *restrict mandatory, int64_t N) {
    for (int64_t i = 0; i < N; i++) realised[i] = closed(realised[i], shares[i] * mandatory[i]);
}

static inline void erode(double *restrict realised, double left, int64_t count) {
    for (int64_t i = 0; i < count; i++) realised[i] *= left;
}

static void update_value(State *s, World *w, Parameters *p, int64_t t) {
    int64_t N = towns(w), K = themes(w), kept = 0;
    fill_towns(s, w, DRAW_MANDATORY, t, 0);
    double *restrict by_law = s->luck, *restrict alone = s->told, *restrict chances = s->chances;
    const double *restrict slack = s->slack, *restrict capacity = s->capacity, *restrict used = s->used;
    for (int64_t i = 0; i < N; i++)
        chances[i] = p->mandatory_delivery_base + p->deliver_slack * (slack[i] / capacity[i]);
    choose(chances, N);
    for (int64_t i = 0; i < N; i++) {
        bool done = by_law[i] < chances[i];
        kept += done;
        by_law[i] = p->mandatory_rate * done;
        alone[i] = p->local_rate * larger(0.0, slack[i] - used[i]) / capacity[i];
    }
    if (t >= w->policy_start) {
        s->counts[N_MANDATORY_DUE] += N;
        s->counts[N_MANDATORY_DONE] += kept;
    }
    for (int64_t k = 0; k < K; k++) {
        double *direct = AT(s->direct, 3 * k), *indirect = AT(s->indirect, 2 * k);
        close_gap_by_law(AT(direct, REGIONAL), by_law, AT(w->mandatory, s->solution[0] * K + k), N);
        close_gap(AT(direct, LOCAL), alone, N);
        erode(direct, 1.0 - p->erosion_direct, 3 * N);
        erode(indirect, 1.0 - p->erosion_indirect, 2 * N);
    }
}

/* ---- aggregation.py ---- */

typedef struct { double share, board, capacity; int64_t members; } Tally;

static Tally tally(State *s, World *w, int64_t a, int64_t k) {
    int64_t N = towns(w), K = themes(w), joined = 0, seats = 0, seated = 0;
    const bool *eligible = AT(s->eligible, a), *board = AT(s->board, a), *committed = AT(s->committed, CELL(a, k));
    double capacity = 0.0;
    for (int64_t i = 0; i < N; i++) {
        joined += committed[i];
        seats += board[i] & eligible[i];
        seated += board[i] & committed[i];
    }
    for (int64_t i = 0; i < N; i++) capacity += s->capacity[i] * committed[i];
    return (Tally){
        .share = s->n_invited[a] > 0 ? (double)joined / s->n_invited[a] : 0.0,
        .board = seats > 0 ? (double)seated / seats : 1.0,
        .capacity = capacity / s->arena_capacity[a],
        .members = joined,
    };
}

static void ratify(State *s, World *w, Parameters *p, int64_t t, int64_t a, int64_t k) {
    int64_t N = towns(w), K = themes(w), cell = CELL(a, k);
    for (int64_t i = 0; i < N; i++) {
        if (!AT(s->committed, cell)[i]) continue;
        double agrees = logistic(p->ratify_base + p->ratify_support * around_half(s->support[i]));
        double refuse = s->rules[a].council_ratification * (1.0 - agrees);
        if (uniform(s->key, DRAW_RATIFY, t, cell, i) < refuse) AT(s->committed, cell)[i] = false;
    }
}

static void start_execution(State *s, World *w, Parameters *p, int64_t t, int64_t a, int64_t k, bool imposed) {
    int64_t N = towns(w), K = themes(w), cell = CELL(a, k), row = s->log_row[cell];
    bool *committed = AT(s->committed, cell), *coerced = AT(s->coerced, cell);
    double *log = s->log + row * N_LOG, forced = 0.0;
    bool binds = imposed || s->rules[a].binds_dissenters >= 0.5;
    for (int64_t i = 0; i < N; i++) {
        coerced[i] = AT(s->eligible, a)[i] && !committed[i] && binds;
        if (coerced[i]) {
            committed[i] = true;
            forced += 1.0;
        }
    }
    s->phase[cell] = EXECUTING;
    s->clock[cell] = 0.0;
    log[L_AGREED] = t;
    log[L_IMPOSED] = imposed ? 1.0 : 0.0;
    log[L_COERCED] = forced;
    s->log_members[row] = member_bits(s, cell, N);
    if (a == 0) {
        s->scalars[DROUGHT] = 0.0;
        if (t >= w->policy_start) {
            s->counts[N_AGREEMENTS] += 1.0;
            s->counts[SUM_WAIT] += t - log[L_OPENED];
            if (imposed) s->counts[N_IMPOSED] += 1.0;
        }
    }
    agree(s, w, p, a, k);
}

static void end_in_deadlock(State *s, World *w, Parameters *p, int64_t t, int64_t a, int64_t k) {
    int64_t N = towns(w), K = themes(w), cell = CELL(a, k);
    double *log = s->log + s->log_row[cell] * N_LOG;
    after_deadlock(s, w, p, a, k);
    for (int64_t i = 0; i < N; i++)
        if (AT(s->eligible, a)[i]) support_after_failure(s, p, i);
    if (w->arena_scale[a] == REGIONAL) partners_after_breakdown(s, w, p, k);
    s->phase[cell] = IDLE;
    s->rest[cell] = p->cooldown;
    memset(AT(s->committed, cell), 0, N * sizeof(bool));
    log[L_ENDED] = t;
    log[L_OUTCOME] = DEADLOCKED;
    if (a == 0 && t >= w->policy_start) s->counts[N_DEADLOCKS] += 1.0;
}

static void update_aggregation(State *s, World *w, Parameters *p, int64_t t) {
    const double tiny = 1e-9, funded = 0.5;
    int64_t K = themes(w), A = arenas(w);
    for (int64_t a = 0; a < A; a++) {
        Rules *rules = &s->rules[a];
        for (int64_t k = 0; k < K; k++) {
            int64_t cell = CELL(a, k);
            if (s->phase[cell] != NEGOTIATING) continue;
            if (s->window[k] >= funded) s->log[s->log_row[cell] * N_LOG + L_FUNDED] = 1.0;
            Tally now = tally(s, w, a, k);
            if (now.share >= rules->quota - tiny && now.board >= rules->board_quota - tiny
                && now.members >= rules->min_members && now.capacity >= rules->min_capacity - tiny) {
                if (rules->council_ratification > 0.0) {
                    ratify(s, w, p, t, a, k);
                    now = tally(s, w, a, k);
                }
                if (now.members >= rules->min_members && now.capacity >= rules->min_capacity - tiny) {
                    start_execution(s, w, p, t, a, k, false);
                    continue;
                }
            }
            s->clock[cell] += 1.0;
            if (s->clock[cell] <= p->patience + rules->form_quarters) continue;
            bool steers = a == 0 && s->scalars[STEERING] > 0.0;
            double chance = steers ? rules->imposition * backing(rules->mandate, s->scalars[STANCE]) : 0.0;
            if (uniform(s->key, DRAW_IMPOSE, t, a, k) < chance) {
                after_overruling(s, w, p, a, k);
                after_imposition(s, w, p, a, k);
                start_execution(s, w, p, t, a, k, true);
            } else {
                end_in_deadlock(s, w, p, t, a, k);
            }
        }
    }
}

/* ---- delivery.py ---- */

static int64_t gather(State *s, World *w, int64_t a, int64_t k) {
    int64_t N = towns(w), K = themes(w), count = 0;
    const bool *member = AT(s->committed, CELL(a, k));
    for (int64_t i = 0; i < N; i++) {
        s->party[count] = i;
        count += member[i];
    }
    return count;
}

static inline void delivery_inclinations(double *restrict x, const double *restrict own, const double *restrict urgency,
                                         const double *restrict capacity, const double *restrict trust,
                                         const double *restrict spare, const bool *restrict coerced, double agreed,
                                         double shared, double kappa, double mean_capacity, double cost_sharing,
                                         Parameters *p, int64_t N) {
    for (int64_t i = 0; i < N; i++) {
        double burden = (1.0 - cost_sharing) * clip(mean_capacity / capacity[i] - 1.0);
        x[i] = agreed + (p->deliver_trust * around_half(trust[i])
            + p->deliver_interest * effective_interest(own[i], shared, kappa)
            + p->deliver_urgency * urgency[i]
            + p->deliver_slack * spare[i]
            - p->deliver_burden * burden
            - p->deliver_coerced * coerced[i]);
    }
}

static void decide_delivery(State *s, World *w, Parameters *p, int64_t t, int64_t a, int64_t k, double money,
                            int64_t count) {
    int64_t N = towns(w), K = themes(w), cell = CELL(a, k), kept = 0;
    Rules *rules = &s->rules[a];
    const int64_t *restrict party = s->party;
    double kappa = parochialism_in(s->scalars[KAPPA], p->subregional_bond, w->arena_scale[a] == REGIONAL);
    double mean_capacity = 0.0;
    fill_towns(s, w, DRAW_DELIVER, t, cell);
    for (int64_t m = 0; m < count; m++) mean_capacity += s->capacity[party[m]];
    mean_capacity /= count > 1 ? count : 1;
    double agreed = p->deliver_base
        + p->deliver_binding * rules->binding
        + p->deliver_monitoring * rules->monitoring
        + p->deliver_sanction * rules->sanction
        + p->deliver_money * money
        + p->deliver_ratified * rules->council_ratification;
    trust_in_others(s->trusted, party, count, s->mixed, N);
    delivery_inclinations(s->chances, AT(s->interest, k), AT(s->urgency, k), s->capacity, s->mixed, s->spare,
                          AT(s->coerced, cell), agreed, s->arena_interest[cell], kappa, mean_capacity,
                          rules->cost_sharing, p, N);
    choose(s->chances, N);
    for (int64_t m = 0; m < count; m++) {
        int64_t i = party[m];
        s->delivered[i] = s->luck[i] < s->chances[i];
        kept += s->delivered[i];
    }
    if (t < w->policy_start) return;
    for (int64_t m = 0; m < count; m++) {
        s->pledged[party[m]] += 1.0;
        s->defaulted[party[m]] += 1.0 - s->delivered[party[m]];
    }
    if (a == 0) {
        s->counts[N_PLEDGES] += count;
        s->counts[N_DEFAULTS] += count - kept;
    }
}

/* ---- effort.py ---- */

static inline bool in_trouble(double clock, double overrun, double share) {
    return clock + 1.0 >= overrun || (clock >= 0.5 * overrun && share < clock / overrun);
}

static void offer_effort(State *s, World *w, Parameters *p, int64_t a, double executing) {
    int64_t N = towns(w), K = themes(w);
    double kappa = parochialism_in(s->scalars[KAPPA], p->subregional_bond, w->arena_scale[a] == REGIONAL);
    double *restrict offer = s->offer, *restrict lead_room = s->lead_room, *restrict help = s->help;
    const double *restrict slack = s->slack, *restrict pledges = s->pledges;
    for (int64_t i = 0; i < N; i++) {
        double share = 1.0 / larger(1.0, pledges[i]);
        double ready = slack[i] * (1.0 - p->home_first * kappa);
        offer[i] = ready * share;
        lead_room[i] = slack[i] * share - offer[i];
    }
    if (s->rules[a].outer_ring == 0.0) return;
    for (int64_t i = 0; i < N; i++) {
        double ready = slack[i] * (1.0 - p->home_first * kappa);
        help[i] = s->rules[a].outer_ring * p->ad_hoc_effort * (pledges[i] == 0.0 ? ready : slack[i] - ready);
    }
    for (int64_t k = 0; k < K; k++)
        if (s->phase[CELL(a, k)] == EXECUTING)
            for (int64_t i = 0; i < N; i++) help[i] *= !AT(s->committed, CELL(a, k))[i];
    for (int64_t i = 0; i < N; i++) help[i] /= executing;
}

/* The effort of one quarter; `work` becomes what the initiative needs in all. */
static double work_done(State *s, World *w, Parameters *p, int64_t a, int64_t k, double money, int64_t count,
                        double executing, double escalation, double *work) {
    int64_t N = towns(w);
    Rules *rules = &s->rules[a];
    const int64_t *restrict party = s->party;
    double *restrict used = s->used;
    double own = 0.0, capacity = 0.0, ad_hoc = 0.0, left = 0.0, room = 0.0;
    if (rules->outer_ring > 0.0)
        for (int64_t m = 0; m < s->n_invited[a]; m++) {
            int64_t i = AT(s->invited, a)[m];
            used[i] += s->help[i];
            ad_hoc += s->help[i];
        }
    double leaves = rules->lead_share;
    if (leaves > 0.0) {
        bool led = false;
        for (int64_t m = 0; m < count; m++) led = led | w->centre[party[m]];
        leaves = led ? leaves : 0.0;
    }
    for (int64_t m = 0; m < count; m++) {
        int64_t i = party[m];
        double given = s->offer[i] * s->delivered[i];
        capacity += s->capacity[i];
        if (leaves > 0.0) {
            if (w->centre[i]) {
                room += s->lead_room[i] * s->delivered[i];
            } else {
                left += leaves * given;
                given *= 1.0 - leaves;
            }
        }
        used[i] += given;
        own += given;
    }
    double taken = smaller(left, room);
    own += taken;
    if (taken > 0.0)
        for (int64_t m = 0; m < count; m++) {
            int64_t i = party[m];
            if (w->centre[i]) used[i] += taken * s->lead_room[i] * s->delivered[i] / room;
        }
    double staff = (own + ad_hoc + s->arena_pool[a] * p->bureau_efficiency / executing)
        * (1.0 + p->capacity_coordination_gain * rules->capacity_coordination)
        * (1.0 - p->opt_out_loss * rules->opt_out);
    double trusted = w->economic[k] * s->partner[ECONOMIC] + w->societal[k] * s->partner[SOCIETAL];
    double partners = p->partner_effort * capacity * (rules->partner_weight * trusted + w->water_board[k]) / executing;
    double friction = (1.0 - rules->coordination) * (1.0 - p->autonomy_gain * rules->alliance_autonomy);
    double coordination = 1.0 - friction * (1.0 - rules->cross_border_focus * w->border_theme[k]);
    coordination = 1.0 - (1.0 - coordination) * (1.0 - escalation);
    double others = larger(0.0, count + rules->partner_seats - 1.0);
    double cost = 1.0 + p->transaction_cost * (1.0 - coordination) * others;
    double whole = p->work_fixed + p->work * (capacity + p->work_absent * (s->arena_capacity[a] - capacity));
    *work = whole * (1.0 + p->capital_work * w->money[k] * (1.0 - money));
    return rules->execution * (staff + partners) * (1.0 + p->money_effort * money) / cost;
}

static void finish(State *s, World *w, Parameters *p, int64_t t, int64_t a, int64_t k, double share) {
    int64_t N = towns(w), K = themes(w), cell = CELL(a, k), row = s->log_row[cell];
    double *log = s->log + row * N_LOG;
    bool done = share >= 1.0;
    complete(s, w, p, a, k, done ? 1.0 : p->partial * share, done);
    if (w->arena_scale[a] == REGIONAL) {
        if (done) partners_after_success(s, w, p, a, k);
        else partners_after_breakdown(s, w, p, k);
    }
    if (!done) {
        after_overrun(s, w, p, a, k);
        for (int64_t i = 0; i < N; i++)
            if (AT(s->committed, cell)[i]) support_after_failure(s, p, i);
    }
    log[L_ENDED] = t;
    log[L_OUTCOME] = done ? COMPLETED : FAILED;
    s->log_members[row] = member_bits(s, cell, N);
    if (a == 0 && t >= w->policy_start) {
        s->counts[done ? N_COMPLETED : N_FAILED] += 1.0;
        if (done && s->counts[FIRST_RESULT] < 0.0 && log[L_OPENED] >= w->policy_start)
            s->counts[FIRST_RESULT] = t - w->policy_start;
    }
    s->phase[cell] = IDLE;
    s->rest[cell] = done ? 1.0 : p->cooldown;
    memset(AT(s->committed, cell), 0, N * sizeof(bool));
    memset(AT(s->coerced, cell), 0, N * sizeof(bool));
}

static void update_effort(State *s, World *w, Parameters *p, int64_t t) {
    int64_t N = towns(w), K = themes(w), A = arenas(w);
    set(s->used, N, 0.0);
    set(s->harvest, N, 0.0);
    count_pledges(s, w);
    for (int64_t i = 0; i < N; i++) s->spare[i] = s->slack[i] / (s->capacity[i] * larger(1.0, s->pledges[i]));
    for (int64_t a = 0; a < A; a++) {
        Rules *rules = &s->rules[a];
        double executing = 0.0;
        for (int64_t k = 0; k < K; k++) executing += s->phase[CELL(a, k)] == EXECUTING ? 1.0 : 0.0;
        double provincial = rules->cofunding * backing(rules->mandate, s->scalars[STANCE]);
        if (executing > 0.0) offer_effort(s, w, p, a, executing);
        for (int64_t k = 0; k < K; k++) {
            int64_t cell = CELL(a, k);
            double work;
            if (s->phase[cell] != EXECUTING) continue;
            s->grant[cell] = larger(s->grant[cell], s->window[k]);
            double money = money_for(s->grant[cell], provincial, rules->programme_money);
            int64_t count = gather(s, w, a, k);
            decide_delivery(s, w, p, t, a, k, money, count);
            double escalation = in_trouble(s->clock[cell], p->overrun, s->share[cell]) ? rules->escalation : 0.0;
            double effort = work_done(s, w, p, a, k, money, count, executing, escalation, &work);
            learn(s, w, p, a, count);
            s->progress[cell] += effort;
            s->clock[cell] += 1.0;
            double share = clip(s->progress[cell] / work);
            s->share[cell] = share;
            if (share >= 1.0 || s->clock[cell] >= p->overrun + p->escalation_time * escalation || count == 0)
                finish(s, w, p, t, a, k, share);
        }
    }
}

/* ---- divide.py ---- */

static void update_divide(State *s, World *w, Parameters *p) {
    int64_t N = towns(w);
    double centre = 0.0, n_centre = 0.0, other = 0.0, n_other = 0.0, inequality = 0.0;
    for (int64_t i = 0; i < N; i++) {
        s->carried[i] = p->results_memory * s->carried[i] + (1.0 - p->results_memory) * s->used[i] / s->capacity[i];
        if (w->centre[i]) {
            centre += s->carried[i];
            n_centre += 1.0;
        } else {
            other += s->carried[i];
            n_other += 1.0;
        }
    }
    if (n_centre > 0.0 && n_other > 0.0) {
        double first = centre / n_centre, second = other / n_other, total = first + second;
        inequality = total > 1e-9 ? fabs(first - second) / total : 0.0;
    }
    double unequal = p->divide_say * (1.0 - s->rules[0].equal_say);
    double goal = clip(s->scalars[CLEAVAGE] * (0.5 + unequal + p->divide_carrying * inequality));
    s->scalars[DIVIDE] += p->divide_rate * (goal - s->scalars[DIVIDE]);
}

/* ---- initial.py ---- */

static void reset(State *s, World *w, Parameters *p, const uint64_t *key, const struct job *job) {
    int64_t N = towns(w), K = themes(w), A = arenas(w);
    const double *contact = w->contact + job->solution * N * N;
    memcpy(s->key, key, 3 * sizeof *key);
    s->design[0] = job->design;
    s->solution[0] = job->solution;
    set(s->scalars, N_SCALARS, 0.0);
    s->scalars[PAROCHIALISM] = s->scalars[KAPPA] = job->parochialism;
    s->scalars[CLEAVAGE] = s->scalars[DIVIDE] = job->cleavage;
    s->scalars[NEGATIVITY] = job->negativity;
    s->scalars[STANCE] = p->stance;
    for (int64_t i = 0; i < N; i++) {
        fill_towns(s, w, DRAW_INITIAL_TRUST, 0, i);
        for (int64_t j = 0; j < N; j++) {
            int64_t ij = i * N + j;
            double bond = p->subregional_bond * w->same_subregion[ij];
            double noise = p->trust_noise * (2.0 * s->luck[j] - 1.0);
            s->base_trust[ij] =
                p->baseline_trust + p->baseline_subregion * w->same_subregion[ij] + p->baseline_contact * contact[ij];
            s->trust_gap[ij] =
                (1.0 - bond) * (p->baseline_divide * w->divided[ij] + p->baseline_rivalry * w->rivals[ij]);
            s->trust[ij] = clip(baseline(s->base_trust[ij], s->trust_gap[ij], job->cleavage) + noise);
            s->grievance[ij] = p->grievance_start * job->negativity * w->history[ij];
        }
        s->trust[i * N + i] = 0.0;
        s->grievance[i * N + i] = 0.0;
    }
    for (int64_t k = 0; k < K; k++) {
        double contention = w->contention[k], border_theme = w->border_theme[k];
        fill_towns(s, w, DRAW_INITIAL_INTEREST, 0, k);
        for (int64_t i = 0; i < N; i++) {
            double stake = (1.0 - contention) * AT(w->severity, k)[i] + contention * s->luck[i];
            AT(s->interest, k)[i] = (1.0 - border_theme) * stake + border_theme * 0.5 * (stake + w->border[i]);
        }
    }
    for (int64_t i = 0; i < N; i++) {
        s->base_capacity[i] = execution_capacity(p->capacity_scale, w->size[i], p->capacity_exponent);
        s->capacity[i] = s->slack[i] = s->base_capacity[i];
        s->load[i] = 0.0;
    }
    for (int64_t a = 0; a < A; a++)
        for (int64_t k = 0; k < K; k++) {
            double total = 0.0, people = 0.0;
            for (int64_t i = 0; i < N; i++)
                if (AT(w->member, a)[i]) {
                    total += w->population[i] * AT(w->severity, k)[i];
                    people += w->population[i];
                }
            s->arena_interest[CELL(a, k)] = total / people;
        }
    memcpy(s->urgency, w->severity, K * N * sizeof(double));
    memcpy(s->support, w->support, N * sizeof(double));
    memcpy(s->acceptance, w->acceptance, N * sizeof(double));
    s->partner[ECONOMIC] = s->partner[SOCIETAL] = p->partner_start;
    double *of_towns[] = {s->recent, s->carried, s->used, s->harvest, s->pledges, s->pledged, s->defaulted};
    for (size_t n = 0; n < sizeof of_towns / sizeof *of_towns; n++) set(of_towns[n], N, 0.0);
    set(s->shock, K, 0.0);
    set(s->window, K, 0.0);
    set(s->direct, K * 3 * N, 0.0);
    set(s->indirect, K * 2 * N, 0.0);
    memset(s->phase, 0, A * K);
    double *of_cells[] = {s->clock, s->rest, s->progress, s->grant, s->share};
    for (size_t n = 0; n < sizeof of_cells / sizeof *of_cells; n++) set(of_cells[n], A * K, 0.0);
    memset(s->committed, 0, A * K * N * sizeof(bool));
    memset(s->coerced, 0, A * K * N * sizeof(bool));
    memset(s->eligible, 0, A * N * sizeof(bool));
    set(s->counts, N_COUNTERS, 0.0);
    s->counts[FIRST_RESULT] = -1.0;
    s->log_size[0] = 0;
}

/* ---- step.py ---- */

static void step(State *s, World *w, Parameters *p, int64_t t) {
    update_adoption(s, w, p, t);
    happen(s, w, p, t);
    update_urgency(s, w, p, t);
    update_load(s, w, p, t);
    update_agenda(s, w, p, t);
    update_commitment(s, w, p, t);
    update_aggregation(s, w, p, t);
    update_effort(s, w, p, t);
    settle(s, w, p);
    update_grievance(s, w, p);
    update_divide(s, w, p);
    update_support(s, w, p);
    update_partners(s, w, p);
    recover_acceptance(s->acceptance, w->acceptance, p->acceptance_rate, towns(w));
    update_value(s, w, p, t);
}

/* ---- outcomes.py ---- */

/* A part and the whole it is a part of, summed over what is passed in */
typedef struct { double part, total; } Sum;

static inline double share_or(Sum sum, double otherwise) {
    return sum.total > 0.0 ? clip(sum.part / sum.total) : otherwise;
}

static inline void add(Sum *sum, const double *weights, const double *realised, int64_t at) {
    sum->part += weights[at] * realised[at];
    sum->total += weights[at];
}

/* Shares realised at each of `scales` scales, into `row`; returns what is realised in all */
static double realised_by_scale(const double *weights, const double *realised, int64_t scales, double *row,
                                int64_t K, int64_t N) {
    double got = 0.0;
    for (int64_t scale = 0; scale < scales; scale++) {
        Sum sum = {0.0, 0.0};
        for (int64_t k = 0; k < K; k++)
            for (int64_t i = 0; i < N; i++) add(&sum, weights, realised, (k * scales + scale) * N + i);
        got += sum.part;
        row[scale] = share_or(sum, NAN);
    }
    return clip(got);
}

static void state_outcomes(State *s, World *w, double *row) {
    int64_t N = towns(w), K = themes(w);
    row[0] = realised_by_scale(w->attainable_direct, s->direct, 3, row + 2, K, N);
    row[1] = realised_by_scale(w->attainable_indirect, s->indirect, 2, row + 5, K, N);
    double trust = 0.0, grievance = 0.0, across = 0.0, pairs = 0.0;
    for (int64_t i = 0; i < N; i++)
        for (int64_t j = 0; j < N; j++) {
            if (i == j) continue;
            trust += s->trust[i * N + j];
            grievance += s->grievance[i * N + j];
            across += s->trust[i * N + j] * w->divided[i * N + j];
            pairs += w->divided[i * N + j];
        }
    row[7] = trust / (N * (N - 1.0));
    row[8] = pairs > 0.0 ? across / pairs : NAN;
    row[9] = grievance / (N * (N - 1.0));
    double total = 0.0, spread = 0.0;
    for (int64_t k = 0; k < K; k++) {
        const double *urgency = AT(s->urgency, k);
        double mean = 0.0, variance = 0.0;
        for (int64_t i = 0; i < N; i++) mean += urgency[i] / N;
        for (int64_t i = 0; i < N; i++) variance += (urgency[i] - mean) * (urgency[i] - mean) / N;
        total += mean / K;
        spread += sqrt(variance) / K;
    }
    row[10] = total;
    row[11] = spread;
    double support = 0.0, accepted = 0.0, slack = 0.0, load = 0.0;
    for (int64_t i = 0; i < N; i++) {
        support += s->support[i] / N;
        accepted += s->acceptance[i] / N;
        slack += s->slack[i] / s->capacity[i] / N;
        load += s->load[i] / N;
    }
    row[12] = clip(support);
    row[13] = clip(accepted);
    row[14] = s->partner[ECONOMIC];
    row[15] = s->partner[SOCIETAL];
    row[16] = clip(slack);
    row[17] = clip(load);
}

static double gini(const double *values, int64_t count) {
    double total = 0.0, gaps = 0.0;
    for (int64_t i = 0; i < count; i++) {
        total += values[i];
        for (int64_t j = 0; j < count; j++) gaps += fabs(values[i] - values[j]);
    }
    return total > 0.0 ? gaps / (2.0 * count * total) : 0.0;
}

static void run_outcomes(State *s, World *w, const int64_t *subregion, int64_t groups, double *shares, double *row) {
    int64_t N = towns(w), K = themes(w);
    const double *weights = w->attainable_direct, *direct = s->direct, *counts = s->counts;
    state_outcomes(s, w, row);
    row += N_STATE;
    for (int64_t k = 0; k < K; k++) {
        Sum sum = {0.0, 0.0};
        for (int64_t at = k * 3 * N; at < (k + 1) * 3 * N; at++) add(&sum, weights, direct, at);
        *row++ = share_or(sum, NAN);
    }
    for (int64_t group = 0; group < groups; group++) {
        Sum sum = {0.0, 0.0};
        for (int64_t i = 0; i < N; i++)
            if (subregion[i] == group)
                for (int64_t k_scale = 0; k_scale < K * 3; k_scale++) add(&sum, weights, direct, k_scale * N + i);
        *row++ = share_or(sum, NAN);
    }
    double worst = 1.0;
    for (int64_t i = 0; i < N; i++) {
        Sum sum = {0.0, 0.0};
        for (int64_t k_scale = 0; k_scale < K * 3; k_scale++) add(&sum, weights, direct, k_scale * N + i);
        shares[i] = share_or(sum, 0.0);
        worst = smaller(worst, shares[i]);
    }
    row[0] = worst;
    row[1] = clip(gini(shares, N));
    row[2] = counts[N_AGREEMENTS];
    row[3] = counts[N_DEADLOCKS];
    row[4] = counts[N_COMPLETED];
    row[5] = counts[N_FAILED];
    row[6] = counts[N_IMPOSED];
    row[7] = counts[N_PLEDGES] > 0.0 ? counts[N_DEFAULTS] / counts[N_PLEDGES] : NAN;
    row[8] = counts[N_AGREEMENTS] > 0.0 ? counts[SUM_WAIT] / counts[N_AGREEMENTS] : NAN;
    row[9] = counts[FIRST_RESULT] >= 0.0 ? counts[FIRST_RESULT] : NAN;
    row[10] = counts[N_MANDATORY_DUE] > 0.0 ? counts[N_MANDATORY_DONE] / counts[N_MANDATORY_DUE] : NAN;
    row[11] = s->scalars[ADOPTED];
    row[12] = s->scalars[ADOPTED] > 0.0 ? s->scalars[ADOPTED_QUARTER] : NAN;
}

/* ---- ensemble.py ---- */

/* Runs jobs `first` up to `last`; keys has 3 words a job and rows `columns` numbers a job. */
void run_chunk(State *s, World *w, const struct job *jobs, const uint64_t *keys, int64_t first, int64_t last,
               const int64_t *subregion, int64_t groups, double *shares, double *rows, int64_t columns) {
    for (int64_t r = first; r < last; r++) {
        Parameters *p = &w->parameters[jobs[r].draw];
        reset(s, w, p, keys + 3 * r, &jobs[r]);
        for (int64_t t = 0; t < w->n_quarters; t++) step(s, w, p, t);
        run_outcomes(s, w, subregion, groups, shares, rows + r * columns);
    }
}
