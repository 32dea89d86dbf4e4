/* SPDX-License-Identifier: Apache-2.0 */
/* Registers, bits and layouts of virtio over MMIO and of its rings. Constants only: shared with the
 * guest. Source: Virtual I/O Device (VIRTIO) 1.2, sections 2.1, 2.7, 4.2, 5.1 to 5.4. */
#ifndef MISSIVE_DEVICES_VIRTIO_REGS_H
#define MISSIVE_DEVICES_VIRTIO_REGS_H

#define VIRTIO_MAGIC 0x000
#define VIRTIO_VERSION 0x004
#define VIRTIO_DEVICE_ID 0x008
#define VIRTIO_VENDOR_ID 0x00C
#define VIRTIO_DEVICE_FEATURES 0x010
#define VIRTIO_DEVICE_FEATURES_SELECT 0x014
#define VIRTIO_DRIVER_FEATURES 0x020
#define VIRTIO_DRIVER_FEATURES_SELECT 0x024
#define VIRTIO_LEGACY_PAGE_SIZE 0x028
#define VIRTIO_QUEUE_SELECT 0x030
#define VIRTIO_QUEUE_SIZE_MAX 0x034
#define VIRTIO_QUEUE_SIZE 0x038
#define VIRTIO_LEGACY_QUEUE_ALIGN 0x03C
#define VIRTIO_LEGACY_QUEUE_PAGE 0x040
#define VIRTIO_QUEUE_READY 0x044
#define VIRTIO_QUEUE_NOTIFY 0x050
#define VIRTIO_INTERRUPT_STATUS 0x060
#define VIRTIO_INTERRUPT_ACK 0x064
#define VIRTIO_STATUS 0x070
#define VIRTIO_QUEUE_DESCRIPTORS 0x080 /* low half; the high half follows, so with the next two */
#define VIRTIO_QUEUE_DRIVER 0x090
#define VIRTIO_QUEUE_DEVICE 0x0A0
#define VIRTIO_SHARED_MEMORY_LENGTH 0x0B0
#define VIRTIO_SHARED_MEMORY_BASE 0x0B8
#define VIRTIO_CONFIG_GENERATION 0x0FC
#define VIRTIO_CONFIG 0x100

#define VIRTIO_MAGIC_VALUE 0x74726976
#define VIRTIO_VENDOR_VALUE 0x554D4551 /* QEMU's: there are drivers that insist on it */

#define VIRTIO_STATUS_ACKNOWLEDGE 0x01
#define VIRTIO_STATUS_DRIVER 0x02
#define VIRTIO_STATUS_DRIVER_OK 0x04
#define VIRTIO_STATUS_FEATURES_OK 0x08
#define VIRTIO_STATUS_NEEDS_RESET 0x40
#define VIRTIO_STATUS_FAILED 0x80

#define VIRTIO_INTERRUPT_USED 0x1
#define VIRTIO_INTERRUPT_CONFIG 0x2

#define VIRTIO_ID_NONE 0
#define VIRTIO_ID_NET 1
#define VIRTIO_ID_BLOCK 2
#define VIRTIO_ID_CONSOLE 3
#define VIRTIO_ID_ENTROPY 4

/* Features are numbers of bits. */
#define VIRTIO_FEATURE_ANY_LAYOUT 27 /* legacy only */
#define VIRTIO_FEATURE_INDIRECT 28
#define VIRTIO_FEATURE_VERSION_1 32

#define VIRTIO_DESCRIPTOR_BYTES 16 /* u64 address, u32 length, u16 flags, u16 next */
#define VIRTIO_DESCRIPTOR_NEXT 1
#define VIRTIO_DESCRIPTOR_WRITE 2
#define VIRTIO_DESCRIPTOR_INDIRECT 4
#define VIRTIO_AVAILABLE_INDEX 2 /* u16 flags, u16 index, u16 ring[size] */
#define VIRTIO_AVAILABLE_RING 4
#define VIRTIO_AVAILABLE_NO_INTERRUPT 1
#define VIRTIO_USED_INDEX 2 /* u16 flags, u16 index, {u32 head, u32 length} ring[size] */
#define VIRTIO_USED_RING 4

#define VIRTIO_NET_FEATURE_MTU 3
#define VIRTIO_NET_FEATURE_MAC 5
#define VIRTIO_NET_FEATURE_STATUS 16
#define VIRTIO_NET_CONFIG_MAC 0           /* u8[6] */
#define VIRTIO_NET_CONFIG_STATUS 6        /* u16 */
#define VIRTIO_NET_CONFIG_MTU 10          /* u16 */
#define VIRTIO_NET_LINK_UP 1              /* in the status */
#define VIRTIO_NET_HEADER_BYTES 12        /* before each frame; its last two: num_buffers, u16 */
#define VIRTIO_NET_LEGACY_HEADER_BYTES 10 /* of a driver without VERSION_1: without num_buffers */
#define VIRTIO_NET_RECEIVE 0              /* queues */
#define VIRTIO_NET_TRANSMIT 1

#define VIRTIO_BLOCK_FEATURE_SEGMENTS_MAX 2
#define VIRTIO_BLOCK_FEATURE_READ_ONLY 5
#define VIRTIO_BLOCK_FEATURE_FLUSH 9
#define VIRTIO_BLOCK_HEADER_BYTES 16 /* u32 type, u32 reserved, u64 sector */
#define VIRTIO_BLOCK_IN 0
#define VIRTIO_BLOCK_OUT 1
#define VIRTIO_BLOCK_FLUSH 4
#define VIRTIO_BLOCK_GET_ID 8
#define VIRTIO_BLOCK_ID_BYTES 20
#define VIRTIO_BLOCK_OK 0
#define VIRTIO_BLOCK_IO_ERROR 1
#define VIRTIO_BLOCK_UNSUPPORTED 2

#define VIRTIO_CONSOLE_RECEIVE 0 /* queues */
#define VIRTIO_CONSOLE_TRANSMIT 1

#endif
