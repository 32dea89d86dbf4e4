/* SPDX-License-Identifier: Apache-2.0 */
/* A firmware and a kernel of the forms that `missive boot` takes, made and then spoiled: each loaded whole or refused with one line, alone into RAM that is a
 * block of its own (so that the sanitizer sees what is written outside), or both with an archive into a machine. */
#define _GNU_SOURCE
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fuzz/input.h"
#include "platform/platform_state.h"
#include "platform/test/hostile_image.h"

#define FILE_BYTES 0x8000u
#define RAM_BYTES 0x100000u

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct file {
    uint8_t bytes[FILE_BYTES];
    size_t size;
    int descriptor;
    char path[32];
};

/* Near an end of RAM, or anywhere. */
static uint64_t some_address(struct input *input, uint64_t ram_bytes)
{
    const uint64_t ends[] = {0, HOSTILE_RAM_BASE, HOSTILE_RAM_BASE + ram_bytes, UINT64_MAX};
    const uint64_t choice = input_number(input, 1);
    return choice & 4 ? input_number(input, 8) : ends[choice & 3] + (int16_t)input_number(input, 2);
}

static void make_elf(struct file *file, struct input *input, uint64_t ram_bytes)
{
    struct hostile_segment segments[4];
    const unsigned count = 1 + (unsigned)input_number(input, 1) % 4;
    for (unsigned i = 0; i < count; i++) {
        segments[i].at = some_address(input, ram_bytes);
        segments[i].file_bytes = input_number(input, 2) % 5000;
        segments[i].memory_bytes = segments[i].file_bytes + input_number(input, 2);
    }
    file->size = hostile_elf(file->bytes, FILE_BYTES, segments, count);
}

static void pack(struct file *file, bool as_efi)
{
    static uint8_t packed[FILE_BYTES];
    const size_t head = as_efi ? HOSTILE_ZBOOT_BYTES : 0;
    const size_t size = hostile_gzip(packed + head, sizeof packed - head, file->bytes, file->size);
    if (as_efi)
        hostile_zboot(packed, HOSTILE_ZBOOT_BYTES, (uint32_t)size, "gzip");
    file->size = head + size;
    memcpy(file->bytes, packed, file->size);
}

static void make(struct file *file, struct input *input, uint64_t ram_bytes)
{
    const uint8_t form = (uint8_t)input_number(input, 1);
    file->size = 0;
    if (form % 4 == 0)
        make_elf(file, input, ram_bytes);
    else if (form % 4 == 1)
        file->size = hostile_linux(file->bytes, some_address(input, ram_bytes) - HOSTILE_RAM_BASE,
                                   some_address(input, ram_bytes) - HOSTILE_RAM_BASE,
                                   input_number(input, 1) % 2);
    else
        for (uint64_t left = input_number(input, 1); left > 0; left--)
            file->bytes[file->size++] = (uint8_t)input_number(input, 1);
    for (uint64_t times = form >> 2 & 3; times > 0 && file->size; times--)
        file->bytes[input_number(input, 2) % file->size] ^= (uint8_t)input_number(input, 1);
    if (form & 0x10 && file->size < FILE_BYTES / 2)
        pack(file, form & 0x20);
    for (uint64_t times = form >> 6; times > 0 && file->size; times--)
        file->bytes[input_number(input, 1) % file->size] ^= (uint8_t)input_number(input, 1);
}

static void open_file(struct file *file)
{
    file->descriptor = memfd_create("image", 0);
    must(file->descriptor >= 0 &&
         write(file->descriptor, file->bytes, file->size) == (ssize_t)file->size);
    snprintf(file->path, sizeof file->path, "/proc/self/fd/%d", file->descriptor);
}

static void expect_line(const struct problem *problem)
{
    must(*problem->text && !strchr(problem->text, '\n'));
}

static void load_alone(struct input *input)
{
    static struct file file;
    struct boot_image image;
    struct problem problem = {""};
    const struct ram ram = {calloc(1, RAM_BYTES), HOSTILE_RAM_BASE, RAM_BYTES};
    must(ram.bytes);
    make(&file, input, RAM_BYTES);
    open_file(&file);
    if (boot_image_load(&image, file.path, some_address(input, RAM_BYTES), &ram, &problem)) {
        must(image.begin < image.end && image.begin >= ram.base &&
             image.end <= ram.base + ram.size_bytes);
        must(image.entry >= image.begin && image.entry < image.end);
        boot_image_place(&image, &ram);
        boot_image_free(&image);
    } else {
        expect_line(&problem);
    }
    close(file.descriptor);
    free(ram.bytes);
}

static void put(void *owner, uint8_t byte)
{
    (void)owner, (void)byte;
}

static int get(void *owner)
{
    (void)owner;
    return CHARACTER_END;
}

static void load_machine(struct input *input)
{
    static struct file bios, kernel;
    struct parameters parameters;
    struct problem problem = {""};
    parameters_default(&parameters);
    parameters.machine_ram_mib = 32;
    const uint64_t ram_bytes = parameters.machine_ram_mib << 20;
    make(&bios, input, ram_bytes);
    make(&kernel, input, ram_bytes);
    open_file(&bios);
    open_file(&kernel);
    const struct platform_config config = {
        .parameters = &parameters,
        .kernel_path = kernel.path,
        .bios_path = input_number(input, 1) & 1 ? bios.path : NULL,
        .initrd = bios.bytes,
        .initrd_bytes = input_number(input, 2) % FILE_BYTES,
        .console = {NULL, put, get},
    };
    struct platform *platform = platform_create(&config, &problem);
    if (platform)
        platform_reset(platform, 1);
    else
        expect_line(&problem);
    platform_destroy(platform);
    close(bios.descriptor);
    close(kernel.descriptor);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
    struct input input = {bytes, size};
    if (input_number(&input, 1) % 8)
        load_alone(&input);
    else
        load_machine(&input);
    return 0;
}
