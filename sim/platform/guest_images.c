/* SPDX-License-Identifier: Apache-2.0 */
/* See guest_images.h. RAM from top to bottom: device tree (and what the firmware is told), initial
 * archive, free, kernel; with firmware, that is at the bottom and the kernel 2 MiB above. Source:
 * QEMU's `virt` board and OpenSBI's docs/firmware/fw_{jump,dynamic}.md for the places;
 * include/sbi/fw_dynamic.h for struct fw_dynamic_info. */
#include "platform/platform_state.h"

#include <inttypes.h>
#include <string.h>

#include "platform/device_tree.h"

#define DEVICE_TREE_BYTES (GUEST_TOP_BYTES - PAGE_BYTES)
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

static bool load_kernel(struct platform *platform, const struct platform_config *config,
                        struct problem *problem)
{
    const struct ram *ram = &platform->ram;
    uint64_t raw_at = ram->base + (config->bios_path ? KERNEL_ABOVE_BIOS : 0);
    if (!boot_image_load(&platform->images.kernel, config->kernel_path, raw_at, ram, problem))
        return false;
    platform->annotations = elf_image_annotations(&platform->images.kernel.elf);
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
                      struct problem *problem)
{
    struct guest_images *images = &platform->images;
    const struct ram *ram = &platform->ram;
    images->top = ram->base + ram->size_bytes - GUEST_TOP_BYTES;
    if (config->bios_path &&
        !boot_image_load(&images->bios, config->bios_path, ram->base, ram, problem))
        return false;
    if (!load_kernel(platform, config, problem))
        return false;
    images->entry = images->kernel.entry;
    if (!config->bios_path)
        return true;
    if (!check_apart(config, &images->bios, &images->kernel, problem))
        return false;
    images->entry = images->bios.entry;
    images->bios_info = images->top + DEVICE_TREE_BYTES;
    const struct fw_dynamic_info info = {FW_DYNAMIC_MAGIC, 2, images->kernel.entry,
                                         FW_DYNAMIC_SUPERVISOR};
    memcpy(images->top_bytes + DEVICE_TREE_BYTES, &info, sizeof info);
    return true;
}

static bool place_initrd(struct platform *platform, const struct platform_config *config,
                         struct problem *problem)
{
    struct guest_images *images = &platform->images;
    const uint64_t end =
        images->bios.end > images->kernel.end ? images->bios.end : images->kernel.end;
    const uint64_t room = images->top > end ? images->top - end : 0;
    if (config->initrd_bytes > room || room - config->initrd_bytes < PAGE_BYTES)
        return problem_set(problem,
                           "machine.ram_mib: %" PRIu64 " MiB cannot hold the kernel and an initial "
                           "archive of %zu bytes; give more",
                           platform->ram.size_bytes >> 20, config->initrd_bytes);
    images->initrd = (images->top - config->initrd_bytes) & ~(uint64_t)(PAGE_BYTES - 1);
    images->initrd_bytes = config->initrd_bytes;
    images->initrd_source = config->initrd;
    return true;
}

static bool write_tree(struct platform *platform, const struct platform_config *config,
                       struct problem *problem)
{
    struct guest_images *images = &platform->images;
    const struct device_tree_input tree = {
        .parameters = &platform->parameters,
        .hart_count = platform->hart_count,
        .roles = platform->roles,
        .ram_base = platform->ram.base,
        .ram_bytes = platform->ram.size_bytes,
        .initrd_begin = images->initrd,
        .initrd_end = images->initrd + images->initrd_bytes,
        .bootargs = config->bootargs,
        .mechanism_compatible = platform->mechanism_compatible,
        .single_console = !config->error_console.put,
    };
    const bool fits = !config->bootargs || strlen(config->bootargs) < BOOTARGS_MAX_BYTES;
    return (fits && device_tree_build(images->top_bytes, DEVICE_TREE_BYTES, &tree) != 0) ||
           problem_set(problem, "the boot arguments are too long for the device tree");
}

/* What lies above the free RAM. */
static void place_top(const struct platform *platform)
{
    const struct guest_images *images = &platform->images;
    if (images->initrd_bytes)
        memcpy(ram_at(&platform->ram, images->initrd), images->initrd_source, images->initrd_bytes);
    memcpy(ram_at(&platform->ram, images->top), images->top_bytes, GUEST_TOP_BYTES);
}

static void give_bios_info(const struct platform *platform)
{
    for (unsigned i = 0; platform->images.bios_info && i < platform->hart_count; i++)
        hart_set_x(platform->harts[i], A2, platform->images.bios_info);
}

static bool connect_htif(struct platform *platform, const struct platform_config *config,
                         struct problem *problem)
{
    const struct ram *ram = &platform->ram;
    uint64_t tohost, fromhost = 0;
    if (!elf_image_symbol(&platform->images.kernel.elf, "tohost", &tohost))
        return true;
    bool has_fromhost = elf_image_symbol(&platform->images.kernel.elf, "fromhost", &fromhost);
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
    if (!load_code(platform, config, problem) || !place_initrd(platform, config, problem) ||
        !write_tree(platform, config, problem) || !connect_htif(platform, config, problem))
        return false;
    place_top(platform);
    for (unsigned i = 0; i < platform->hart_count; i++)
        hart_reset(platform->harts[i], platform->images.entry, platform->images.top);
    give_bios_info(platform);
    return true;
}

void guest_images_restart(struct platform *platform, cycle_t now)
{
    const struct guest_images *images = &platform->images;
    boot_image_place(&images->bios, &platform->ram);
    boot_image_place(&images->kernel, &platform->ram);
    place_top(platform);
    for (unsigned i = 0; i < platform->hart_count; i++)
        hart_restart(platform->harts[i], images->entry, images->top, now);
    give_bios_info(platform);
    if (platform->has_htif) {
        const struct htif before = platform->htif;
        htif_init(&platform->htif, before.tohost, before.fromhost, &before.links);
    }
}

void guest_images_free(struct guest_images *images)
{
    boot_image_free(&images->bios);
    boot_image_free(&images->kernel);
}
