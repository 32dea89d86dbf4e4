/* SPDX-License-Identifier: Apache-2.0 */
/* See guest_images.h. RAM from top to bottom: device tree (and what the firmware is told), initial
 * archive, free, kernel; with firmware, that is at the bottom and the kernel 2 MiB above. Source:
 * QEMU's `virt` board and OpenSBI's docs/firmware/fw_{jump,dynamic}.md for the places;
 * include/sbi/fw_dynamic.h for struct fw_dynamic_info. */
#include "platform/guest_images.h"

#include <inttypes.h>
#include <string.h>

#include "platform/boot_image.h"
#include "platform/device_tree.h"

#define TOP_BYTES (128u << 10)
#define DEVICE_TREE_BYTES (TOP_BYTES - PAGE_BYTES)
#define PAGE_BYTES 4096u
#define BOOTARGS_MAX_BYTES (DEVICE_TREE_BYTES / 2) /* the rest holds any machine's tree */
#define KERNEL_ABOVE_BIOS (2u << 20)
#define A2 12

/* What OpenSBI's fw_dynamic finds at a2. */
struct fw_dynamic_info {
    uint64_t magic, version, next_address, next_mode, options, boot_hart;
};
#define FW_DYNAMIC_MAGIC 0x4942534F /* "OSBI" */
#define FW_DYNAMIC_SUPERVISOR 1

struct places {
    uint64_t entry, begin, end; /* of firmware and kernel together */
    uint64_t initrd, tree, bios_info;
};

static bool load_bios(const struct platform *platform, const char *path, struct boot_image *bios,
                      struct problem *problem)
{
    const struct ram *ram = &platform->ram;
    if (!boot_image_load(bios, path, ram->base, ram, problem))
        return false;
    elf_image_free(&bios->elf);
    return true;
}

static bool load_kernel(struct platform *platform, const struct platform_config *config,
                        struct boot_image *kernel, struct problem *problem)
{
    const struct ram *ram = &platform->ram;
    uint64_t raw_at = ram->base + (config->bios_path ? KERNEL_ABOVE_BIOS : 0);
    if (!boot_image_load(kernel, config->kernel_path, raw_at, ram, problem))
        return false;
    platform->kernel = kernel->elf;
    platform->annotations = elf_image_annotations(&platform->kernel);
    return true;
}

static bool check_apart(const struct platform_config *config, const struct boot_image *bios,
                        const struct boot_image *kernel, struct problem *problem)
{
    if (bios->begin >= kernel->end || kernel->begin >= bios->end)
        return true;
    return problem_set(problem,
                       "%s: 0x%" PRIx64 " to 0x%" PRIx64 " overlaps the firmware's 0x%" PRIx64
                       " to 0x%" PRIx64 "; link the kernel at 0x%" PRIx64,
                       config->kernel_path, kernel->begin, kernel->end, bios->begin, bios->end,
                       (uint64_t)MAP_RAM_BASE + KERNEL_ABOVE_BIOS);
}

/* The kernel alone, or both: the firmware begins, and is told where the kernel does. */
static bool load_code(struct platform *platform, const struct platform_config *config,
                      struct places *places, struct problem *problem)
{
    struct boot_image bios, kernel;
    if (config->bios_path && !load_bios(platform, config->bios_path, &bios, problem))
        return false;
    if (!load_kernel(platform, config, &kernel, problem))
        return false;
    *places = (struct places){.entry = kernel.entry, .begin = kernel.begin, .end = kernel.end};
    places->tree = platform->ram.base + platform->ram.size_bytes - TOP_BYTES;
    if (!config->bios_path)
        return true;
    if (!check_apart(config, &bios, &kernel, problem))
        return false;
    places->entry = bios.entry;
    places->end = bios.end > kernel.end ? bios.end : kernel.end;
    places->bios_info = places->tree + DEVICE_TREE_BYTES;
    const struct fw_dynamic_info info = {FW_DYNAMIC_MAGIC, 2, kernel.entry, FW_DYNAMIC_SUPERVISOR};
    memcpy(ram_at(&platform->ram, places->bios_info), &info, sizeof info);
    return true;
}

static bool load_initrd(const struct platform *platform, const struct platform_config *config,
                        struct places *places, struct problem *problem)
{
    uint64_t room = places->tree > places->end ? places->tree - places->end : 0;
    if (config->initrd_bytes > room || room - config->initrd_bytes < PAGE_BYTES)
        return problem_set(problem,
                           "machine.ram_mib: %" PRIu64 " MiB cannot hold the kernel and an initial "
                           "archive of %zu bytes; give more",
                           platform->ram.size_bytes >> 20, config->initrd_bytes);
    places->initrd = (places->tree - config->initrd_bytes) & ~(uint64_t)(PAGE_BYTES - 1);
    if (config->initrd_bytes)
        memcpy(ram_at(&platform->ram, places->initrd), config->initrd, config->initrd_bytes);
    return true;
}

static bool write_tree(const struct platform *platform, const struct platform_config *config,
                       const struct places *places, struct problem *problem)
{
    const struct ram *ram = &platform->ram;
    const struct device_tree_input tree = {
        .parameters = &platform->parameters,
        .hart_count = platform->hart_count,
        .roles = platform->roles,
        .ram_base = ram->base,
        .ram_bytes = ram->size_bytes,
        .initrd_begin = places->initrd,
        .initrd_end = places->initrd + config->initrd_bytes,
        .bootargs = config->bootargs,
        .mechanism_compatible = platform->mechanism_compatible,
        .single_console = !config->error_console.put,
    };
    const bool fits = !config->bootargs || strlen(config->bootargs) < BOOTARGS_MAX_BYTES;
    return (fits && device_tree_build(ram_at(ram, places->tree), DEVICE_TREE_BYTES, &tree) != 0) ||
           problem_set(problem, "the boot arguments are too long for the device tree");
}

static bool connect_htif(struct platform *platform, const struct platform_config *config,
                         struct problem *problem)
{
    const struct ram *ram = &platform->ram;
    uint64_t tohost, fromhost = 0;
    if (!elf_image_symbol(&platform->kernel, "tohost", &tohost))
        return true;
    bool has_fromhost = elf_image_symbol(&platform->kernel, "fromhost", &fromhost);
    if (!htif_can_be(ram, tohost) || (has_fromhost && !htif_can_be(ram, fromhost)))
        return problem_set(problem,
                           "%s: tohost and fromhost (0x%" PRIx64 ", 0x%" PRIx64
                           ") must be multiples of 8 in RAM",
                           config->kernel_path, tohost, fromhost);
    const struct htif_links links = {ram, &platform->coherence, &platform->finisher,
                                     config->console};
    htif_init(&platform->htif, tohost, fromhost, &links);
    platform->has_htif = true;
    return true;
}

bool guest_images_load(struct platform *platform, const struct platform_config *config,
                       struct problem *problem)
{
    struct places places;
    if (!load_code(platform, config, &places, problem) ||
        !load_initrd(platform, config, &places, problem) ||
        !write_tree(platform, config, &places, problem) || !connect_htif(platform, config, problem))
        return false;
    for (unsigned i = 0; i < platform->hart_count; i++) {
        hart_reset(platform->harts[i], places.entry, places.tree);
        if (config->bios_path)
            hart_set_x(platform->harts[i], A2, places.bios_info);
    }
    return true;
}
