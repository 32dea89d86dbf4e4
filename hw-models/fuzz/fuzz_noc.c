/* SPDX-License-Identifier: Apache-2.0 */
/* Every model of the mesh, of any shape, pipeline and division into classes, under arbitrary packets and calls. Whatever comes:
 * no crash, and every promise that hw-models/noc/test_checker.h knows is kept. */
#include "fuzz/input.h"
#include "noc/test_checker.h"

#define OPERATIONS 2000

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static struct noc_config configure(struct input *input)
{
    struct noc_config config;
    noc_config_default(&config);
    config.classes = input_number(input, 1) % (NOC_MAX_CLASSES + 1);
#define PARAMETER(group, name, value, min, max, unit, doc, source)                                 \
    config.name = input_number(input, 1) % (max + 1);
#include "noc/noc.def"
#undef PARAMETER
    if (noc_check(&config, NULL)) { /* mostly no mesh at all: the nearest there is */
        config.width += !config.width;
        config.height += !config.height;
        config.channels += config.channels < 4 ? 4 : 0;
    }
    return config;
}

static void run(struct checker *checker, struct input *input)
{
    cycle_t last = 0;
    for (unsigned i = 0; i < OPERATIONS && input->left && !checker->broken; i++) {
        uint8_t what = (uint8_t)input_number(input, 1);
        struct noc_packet packet = {(uint16_t)input_number(input, 1),
                                    (uint16_t)input_number(input, 1),
                                    (uint16_t)(input_number(input, 1) % (NOC_MAX_FLITS + 2)),
                                    what & 7,
                                    0,
                                    cycle_max(checker->now, what & 128 ? last : 0)};
        if (what & 64)
            packet.cycle = last = packet.cycle + input_number(input, 1);
        checker_send(checker, packet);
        for (unsigned cycles = what >> 3 & 7; cycles; cycles--)
            checker_advance(checker, checker->now + (cycles == 7 ? 31 : 1));
    }
    must(checker_drain(checker, 10000000));
    checker_finish(checker);
    must(!checker->broken);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    static struct checker checker;
    struct input input = {bytes, size};
    const struct noc_model *model = noc_table[input_number(&input, 1) % noc_count].model;
    struct noc_config config = configure(&input);
    static union {
        struct noc_flit flit;
        struct noc_packet_mesh packet;
    } state;
    must(model->state_bytes <= sizeof state);
    if (checker_init(&checker, model, &state, &config) == STATUS_OK)
        run(&checker, &input);
    return 0;
}
