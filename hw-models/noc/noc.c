/* SPDX-License-Identifier: Apache-2.0 */
/* The configuration of a mesh: see noc.h. */
#include "noc/noc.h"

void noc_config_default(struct noc_config *config)
{
    *config = (struct noc_config){
        .classes = NOC_RESPONSE + 1,
#define PARAMETER(group, name, value, min, max, unit, doc, source) .name = value,
#include "noc/noc.def"
#undef PARAMETER
    };
}

enum status noc_shape(struct noc_config *config, unsigned nodes)
{
    uint64_t width = config->width, height = config->height;
    if (nodes < 1 || nodes > NOC_MAX_NODES || width > NOC_MAX_SIDE || height > NOC_MAX_SIDE)
        return STATUS_INVALID;
    if (!width && !height)
        for (width = 1; width * width < nodes;)
            width++;
    if (!height)
        height = (nodes + width - 1) / width;
    if (!width)
        width = (nodes + height - 1) / height;
    if (width > NOC_MAX_SIDE || height > NOC_MAX_SIDE || width * height < nodes)
        return STATUS_INVALID;
    config->width = width;
    config->height = height;
    return STATUS_OK;
}

static enum status refuse(const char **wrong, const char *name)
{
    if (wrong)
        *wrong = name;
    return STATUS_INVALID;
}

enum status noc_check(const struct noc_config *config, const char **wrong)
{
#define PARAMETER(group, name, value, min, max, unit, doc, source)                                 \
    if (config->name > max || config->name + 1 < min + 1)                                          \
        return refuse(wrong, #group "." #name);
#include "noc/noc.def"
#undef PARAMETER
    if (!config->width)
        return refuse(wrong, "noc.width");
    if (!config->height)
        return refuse(wrong, "noc.height");
    if (config->classes < 1 || config->classes > NOC_MAX_CLASSES ||
        config->classes > config->channels)
        return refuse(wrong, "noc.channels");
    return STATUS_OK;
}

bool noc_keeps_order(const struct noc_config *config, unsigned class)
{
    uint64_t channels = config->channels, classes = config->classes;
    return channels * (class + 1) / classes - channels * class / classes == 1;
}

unsigned noc_flits(const struct noc_config *config, unsigned payload_bytes)
{
    return 1 + (unsigned)((payload_bytes + config->flit_bytes - 1) / config->flit_bytes);
}

static unsigned distance(unsigned a, unsigned b)
{
    return a > b ? a - b : b - a;
}

unsigned noc_hops(const struct noc_config *config, unsigned source, unsigned destination)
{
    unsigned width = (unsigned)config->width;
    return 1 + distance(source % width, destination % width) +
           distance(source / width, destination / width);
}

cycle_t noc_idle_latency(const struct noc_config *config, unsigned hops, unsigned size_flits)
{
    cycle_t router = config->routing_cycles + config->channel_allocation_cycles +
                     config->switch_allocation_cycles + config->switch_cycles;
    return 1 + config->link_cycles + hops * (router + config->link_cycles) + size_flits - 1;
}

const char *noc_port_name(enum noc_port port)
{
    static const char *const names[NOC_PORTS] = {"east", "west", "south", "north", "local"};
    return port < NOC_PORTS ? names[port] : "none";
}
