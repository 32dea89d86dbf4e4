/* SPDX-License-Identifier: Apache-2.0 */
/* What a hart is made of, for the files of this folder alone. Plain data: copy the struct to
 * snapshot it. Everything decides time except what is marked as derived, which may be dropped at
 * any moment. */
#ifndef MISSIVE_CORE_HART_STATE_H
#define MISSIVE_CORE_HART_STATE_H

#include "base/activity.h"
#include "core/fpu.h"
#include "core/hart.h"
#include "core/instruction.h"
#include "core/pipeline.h"
#include "core/predictor.h"
#include "memory/cache.h"

#define LINE_BYTES UINT64_C(64)
#define PAGE_BYTES UINT64_C(4096)
#define NO_LINE UINT64_C(1)

enum privilege { PRIVILEGE_U = 0, PRIVILEGE_S = 1, PRIVILEGE_M = 3 };

enum cause {
    CAUSE_FETCH_MISALIGNED = 0,
    CAUSE_FETCH_ACCESS = 1,
    CAUSE_ILLEGAL = 2,
    CAUSE_BREAKPOINT = 3,
    CAUSE_LOAD_MISALIGNED = 4,
    CAUSE_LOAD_ACCESS = 5,
    CAUSE_STORE_MISALIGNED = 6,
    CAUSE_STORE_ACCESS = 7,
    CAUSE_ECALL_U = 8,
    CAUSE_FETCH_PAGE = 12,
    CAUSE_LOAD_PAGE = 13,
    CAUSE_STORE_PAGE = 15,
};
#define MODE_FLOATING 4 /* in hart.mode: mstatus.FS is on */

#define CAUSE_INTERRUPT (UINT64_C(1) << 63)

/* mstatus */
#define STATUS_SIE (UINT64_C(1) << 1)
#define STATUS_MIE (UINT64_C(1) << 3)
#define STATUS_SPIE (UINT64_C(1) << 5)
#define STATUS_MPIE (UINT64_C(1) << 7)
#define STATUS_SPP (UINT64_C(1) << 8)
#define STATUS_MPP (UINT64_C(3) << 11)
#define STATUS_FS (UINT64_C(3) << 13)
#define STATUS_MPRV (UINT64_C(1) << 17)
#define STATUS_SUM (UINT64_C(1) << 18)
#define STATUS_MXR (UINT64_C(1) << 19)
#define STATUS_TVM (UINT64_C(1) << 20)
#define STATUS_TW (UINT64_C(1) << 21)
#define STATUS_TSR (UINT64_C(1) << 22)
#define STATUS_XLEN64 (UINT64_C(2) << 32 | UINT64_C(2) << 34) /* UXL, SXL */

/* mip, mie */
#define INTERRUPT_SSI (UINT64_C(1) << 1)
#define INTERRUPT_STI (UINT64_C(1) << 5)
#define INTERRUPT_SEI (UINT64_C(1) << 9)
#define INTERRUPT_SUPERVISOR (INTERRUPT_SSI | INTERRUPT_STI | INTERRUPT_SEI)
#define INTERRUPT_ALL UINT64_C(0xaaa)

#define ENVIRONMENT_STCE (UINT64_C(1) << 63)

#define COUNTER_NUMBERS 32

#define PMP_ENTRIES 16

struct pmp_range { /* addresses; first > last: none */
    uint64_t first, last;
};

/* Names and meanings as in the privileged specification. */
struct csr_file {
    uint64_t mstatus, medeleg, mideleg, mie;
    uint64_t mip_line, mip_soft; /* driven from outside; written by software */
    uint64_t mtvec, mscratch, mepc, mcause, mtval;
    uint64_t stvec, sscratch, sepc, scause, stval;
    uint64_t satp, menvcfg, senvcfg, stimecmp;
    uint64_t time_offset_ticks; /* what `time` is more than the clock */
    uint32_t mcounteren, scounteren, mcountinhibit;
    uint8_t mhpmevent[COUNTER_NUMBERS];       /* number in hpm_events.def */
    uint64_t counter_offset[COUNTER_NUMBERS]; /* what software reads, less what the hart counted */
    uint64_t pmpaddr[PMP_ENTRIES];
    uint8_t pmpcfg[PMP_ENTRIES];
    /* Of these two: */
    struct pmp_range pmp_range[PMP_ENTRIES];
    unsigned pmp_used; /* entries up to the last one that holds anything */
    bool pmp_fine;     /* one begins or ends within a page of RAM */
};

/* A TLB: TLB_SETS x TLB_WAYS entries of 4 KiB, then TLB_SUPERPAGES of any larger size. The oldest
 * entry goes first, so that a hit changes nothing and may be remembered elsewhere. */
#define TLB_SETS 8
#define TLB_WAYS 4
#define TLB_SUPERPAGES 8
#define TLB_ENTRIES (TLB_SETS * TLB_WAYS + TLB_SUPERPAGES)

struct tlb_entry {
    uint64_t virtual_page; /* number of its first 4 KiB page */
    uint64_t physical_page;
    uint64_t inserted; /* tlb.clock at that time; 0: invalid */
    uint16_t asid;
    uint8_t flags; /* low byte of the PTE */
    uint8_t level; /* 0: 4 KiB, 1: 2 MiB, 2: 1 GiB */
};

struct tlb {
    uint64_t clock;
    struct tlb_entry entries[TLB_ENTRIES];
};

/* A page walk that may wait for lines between its steps. */
struct walk {
    bool active;
    int8_t level;
    uint8_t inherited; /* G of the levels above */
    uint64_t table;    /* physical address */
};

enum access_kind {
    ACCESS_LOAD,
    ACCESS_STORE,
    ACCESS_AMO,
    ACCESS_LR,
    ACCESS_SC,
    ACCESS_FETCH,
};

enum access_state {
    ACCESS_IDLE,
    ACCESS_REQUESTED, /* hart.request is outstanding */
    ACCESS_DONE,      /* carried out; the instruction that asked has still to take the value */
    ACCESS_FAULT,     /* the instruction that asked has still to trap with cause and address */
};

/* The one memory access that may be under way, step by step: translations, then line by line. Each
 * step is carried out at once when the line it needs has arrived, so that a snoop that follows
 * cannot undo it. */
struct access {
    enum access_kind kind;
    enum access_state state;
    uint8_t size_bytes;
    uint8_t atomic; /* enum atomic */
    uint8_t parts;  /* lines it touches: 1 or 2 */
    uint8_t translated, performed;
    bool abandoned;     /* the pc was moved meanwhile: drop the result */
    bool granted;       /* an access without L1 was answered ... */
    bool granted_store; /* ... by this kind ... */
    uint64_t granted_address;
    uint64_t granted_data;
    uint64_t address; /* virtual */
    uint64_t data;    /* to store; operand */
    uint64_t value;   /* loaded */
    uint64_t physical[2];
    uint64_t cause, fault_address;
    struct walk walk;
};

/* Derived: a virtual line whose accesses hit in L1D and need no check; without timing a page. Keys
 * are its virtual address with the data context in its low bits; 0 never matches. */
#define FILTER_ENTRIES 512
struct filter_entry {
    uint64_t read_key, write_key;
    uintptr_t host; /* where virtual address 0 would lie; modulo the host's address size */
    uint32_t line;  /* index into l1d.lines; without timing 0 */
};
#define FILTER_NONE UINT16_MAX

struct block;

struct hart {
    uint64_t x[REGISTER_SINK + 1];
    uint64_t f[32];
    struct fpu fpu;

    /* Where it is. Inside execute() the clock of the running instruction is block-relative, and
     * these are brought up to date before anything else looks. */
    uint64_t pc;
    cycle_t now;
    uint64_t retired;
    uint64_t data_context; /* 1..63, in a filter key's low bits */
    uint16_t activity;     /* last reported: enum activity | privilege << 8 */
    uint8_t privilege;     /* enum privilege */
    uint8_t mode;          /* privilege | FS on << 2: what decoding depends on */
    uint16_t resume;       /* not 0: 1 + index of the next instruction in the block at block_pc */
    uint64_t block_pc, block_physical, block_second;
    /* What the pipeline still holds of the block that ran last, see pipeline.h. */
    bool jumped;           /* it ended by a jump */
    uint8_t units_pending; /* bit of each unit whose result no `await` waits for */
    struct unit_state units[UNIT_COUNT];
    struct residue residue;
    cycle_t residue_at; /* the cycle at which that block ended */
    /* Derived: the block to which a link of that one leads, and what it waits for. */
    const struct block *linked;
    uint32_t linked_generation; /* of the block store */
    struct delay linked_delay;
    uint64_t
        partial_stalls; /* of the block begun at `resume`: cycles before it that are no issues */

    bool waiting;  /* in WFI */
    bool sleeping; /* ... and no interrupt that would end it is pending */

    bool timed;
    bool marked;             /* it stands at config.marker */
    bool l1_enabled;         /* of a hart with timing */
    uint64_t fetch_page;     /* the page whose translation the fetch unit holds, or NO_LINE */
    uint64_t fetch_physical; /* ... and where it lies */
    uint64_t fetch_epoch;    /* grows when a fetch may lead elsewhere than before */
    uint64_t l1i_fills;      /* touches of l1i that were no look-up */
    uint64_t l1d_others;     /* touches of l1d that were no access */
    uint64_t reservation;    /* line address, or NO_LINE */
    cycle_t window_end;      /* LR defers snoops of the reservation before this */
    uint64_t window_owed;    /* line of a deferred snoop: no new window before it succeeds */
    cycle_t charged_until;   /* cycles before this are in the counters */
    uint64_t issued_until;   /* instructions before this are in stalls[STALL_base] */
    uint64_t packed_stalls;  /* of blocks, since the last settling: STALL_PACKED causes */
    uint64_t stalls[STALL_COUNT];

    struct csr_file csr;
    struct access access;
    struct request request;
    const struct debug_watch *watched; /* what the last access met that met a watchpoint, or NULL */
    struct hart_counters counters;
    struct hart_config config; /* what holds now: `timed_config`, or one cycle for everything */
    struct hart_config timed_config; /* as given */
    struct hart_links links;
    struct tlb itlb, dtlb;
    uint64_t code_written, code_marked;         /* derived: what it has heard of in ram.code */
    struct filter_entry filter[FILTER_ENTRIES]; /* derived */
    uint16_t filter_of_line[CACHE_MAX_LINES];   /* derived: the entry of each L1D line */
    /* Derived: among these pages are superpages that the filter has parts of. */
    uint64_t superpages_first, superpages_last;
    /* Kept by hart_reset, which clears them itself. */
    struct predictor predictor;
    struct cache l1d, l1i;
};

/* Reports an event. */
static inline void hart_emit(struct hart *hart, cycle_t cycle, enum event_kind kind, uint64_t a,
                             uint64_t b, uint64_t c, uint64_t d)
{
    if (!hart->links.probe)
        return;
    probe_emit(hart->links.probe, cycle, kind, hart->config.id, a, b, c, d);
}

/* Charges the cycles up to now to the present privilege. */
void hart_charge(struct hart *hart);

/* Time passes for this reason. */
static inline void hart_stall(struct hart *hart, enum stall cause, uint64_t cycles)
{
    hart->now += cycles;
    hart->stalls[cause] += cycles;
}

/* The hart will not go on in the midst of its block. */
static inline void hart_drop_resume(struct hart *hart)
{
    hart->stalls[STALL_interlock] += hart->partial_stalls;
    hart->partial_stalls = 0;
    hart->resume = 0;
}

/* Before the first instruction of `block`, which is entered now: waits for what the block before it left. Returns that wait. */
struct delay hart_enter_block(struct hart *hart, struct block *block);

/* To be called after any change of privilege, mstatus or satp. */
void hart_mode_changed(struct hart *hart);

/* mip as it is now, with Sstc's timer. */
uint64_t hart_pending(const struct hart *hart);

/* The cycle at which Sstc's timer rises; CYCLE_NEVER if it is off; not after now if it is up. */
cycle_t hart_timer_cycle(const struct hart *hart);

static inline uint64_t hart_time(const struct hart *hart)
{
    return hart->now / hart->config.cycles_per_tick + hart->csr.time_offset_ticks;
}

#endif
