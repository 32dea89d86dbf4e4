/* SPDX-License-Identifier: Apache-2.0 */
/* The integer mix: sorting a linked list, a matrix product, a CRC, string search and a state machine
 * that reads numbers, all within 8 KiB, so that L1 holds it. Some 390 thousand instructions a round. */
#include "kernel.h"

#define NODES 128
#define SIDE 16
#define TEXT 1024

struct node {
    struct node *next;
    uint32_t key;
};

struct data {
    struct node nodes[NODES];
    int32_t a[SIDE][SIDE], b[SIDE][SIDE], c[SIDE][SIDE];
    char text[TEXT];
};

static uint32_t random_next(uint32_t *state)
{
    return *state = *state * 1664525u + 1013904223u;
}

void work_prepare(uint8_t *memory)
{
    static const char alphabet[16] = "0123456789+-.e, ";
    struct data *d = (struct data *)memory;
    uint32_t state = 1987;

    for (int row = 0; row < SIDE; row++)
        for (int column = 0; column < SIDE; column++) {
            d->a[row][column] = (int32_t)(random_next(&state) >> 20);
            d->b[row][column] = (int32_t)(random_next(&state) >> 20);
        }
    for (int i = 0; i < TEXT - 1; i++)
        d->text[i] = alphabet[random_next(&state) >> 28];
    d->text[TEXT - 1] = 0;
}

static struct node *merge(struct node *a, struct node *b)
{
    struct node head, *tail = &head;

    while (a && b) {
        struct node **least = a->key <= b->key ? &a : &b;
        tail->next = *least;
        tail = *least;
        *least = tail->next;
    }
    tail->next = a ? a : b;
    return head.next;
}

static struct node *sort(struct node *list)
{
    struct node *slow = list, *fast;

    if (!list || !list->next)
        return list;
    for (fast = list->next; fast && fast->next; fast = fast->next->next)
        slow = slow->next;
    struct node *half = slow->next;
    slow->next = NULL;
    return merge(sort(list), sort(half));
}

static uint64_t sort_list(struct data *d)
{
    uint32_t state = 42;
    uint64_t sum = 0;

    for (int i = 0; i < NODES; i++)
        d->nodes[i] = (struct node){i + 1 < NODES ? &d->nodes[i + 1] : NULL, random_next(&state)};
    for (struct node *n = sort(d->nodes); n; n = n->next)
        sum = sum * 31 + n->key;
    return sum;
}

static uint64_t multiply_matrices(struct data *d)
{
    uint64_t sum = 0;

    for (int row = 0; row < SIDE; row++)
        for (int column = 0; column < SIDE; column++) {
            int32_t cell = 0;
            for (int k = 0; k < SIDE; k++)
                cell += d->a[row][k] * d->b[k][column];
            d->c[row][column] = cell;
            sum = sum * 31 + (uint32_t)cell;
        }
    return sum;
}

static uint64_t crc(const struct data *d)
{
    uint32_t crc = ~0u;

    for (int i = 0; i < TEXT; i++) {
        crc ^= (uint8_t)d->text[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
    }
    return ~crc;
}

static uint64_t find_strings(const struct data *d)
{
    static const char *const words[] = {"1", "23", "e+", "-4.", ", "};
    uint64_t sum = 0;

    for (size_t word = 0; word < sizeof words / sizeof *words; word++)
        for (const char *at = d->text; *at; at++) {
            size_t i = 0;
            while (words[word][i] && at[i] == words[word][i])
                i++;
            sum += words[word][i] ? 0 : (uint64_t)(at - d->text) * (word + 1);
        }
    return sum;
}

enum state { BEFORE, WHOLE, FRACTION, EXPONENT, JUNK, STATES };

static enum state step(enum state state, char c)
{
    switch (c) {
    case ' ':
    case ',':
        return BEFORE;
    case '+':
    case '-':
        return state == BEFORE || state == EXPONENT ? state : JUNK;
    case '.':
        return state <= WHOLE ? FRACTION : JUNK;
    case 'e':
        return state == WHOLE || state == FRACTION ? EXPONENT : JUNK;
    default:
        return state == BEFORE ? WHOLE : state;
    }
}

static uint64_t read_numbers(const struct data *d)
{
    uint64_t seen[STATES] = {0}, sum = 0;
    enum state state = BEFORE;

    for (const char *c = d->text; *c; c++)
        seen[state = step(state, *c)]++;
    for (int i = 0; i < STATES; i++)
        sum = sum * 1031 + seen[i];
    return sum;
}

uint64_t work_round(uint8_t *memory)
{
    struct data *d = (struct data *)memory;
    uint64_t sum = 0;

    for (int i = 0; i < 2; i++) {
        sum = sum * 31 + sort_list(d);
        sum = sum * 31 + multiply_matrices(d);
        sum = sum * 31 + crc(d);
        sum = sum * 31 + find_strings(d);
        sum = sum * 31 + read_numbers(d);
    }
    return sum;
}
