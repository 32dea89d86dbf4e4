/* SPDX-License-Identifier: Apache-2.0 */
/* Slots are handed out in order of age, carrier by carrier. */
#include "place.h"

enum { CARRIERS = MAP_MAX_HARTS + SCENE_LISTS + SCENE_OBJECTS + 1 };

struct stand {
    struct box area;
    unsigned seats, taken;
    unsigned last; /* token in the last seat */
};

struct stands {
    unsigned count;
    struct stand stand[CARRIERS];
};

/* Tiles are apart, so an area names its carrier; those without a tile share one. */
static struct stand *find_stand(struct stands *stands, struct box area)
{
    for (unsigned i = 0; i < stands->count; i++)
        if (stands->stand[i].area.x == area.x && stands->stand[i].area.y == area.y)
            return &stands->stand[i];
    if (stands->count == CARRIERS)
        return NULL;
    struct stand *stand = &stands->stand[stands->count++];
    *stand = (struct stand){.area = area,
                            .seats = box_slots(area, LAYOUT_TOKEN_WIDTH, LAYOUT_TOKEN_HEIGHT)};
    return stand;
}

static void seat(struct stand *stand, struct token *tokens, unsigned index)
{
    struct token *token = &tokens[index];
    unsigned slot = stand->taken < stand->seats ? stand->taken : stand->seats - 1;
    token->box = box_slot(stand->area, LAYOUT_TOKEN_WIDTH, LAYOUT_TOKEN_HEIGHT, slot);
    token->pile = 1;
    if (stand->taken >= stand->seats) {
        token->pile = 0;
        tokens[stand->last].pile++;
    } else {
        stand->last = index;
    }
    stand->taken++;
}

unsigned place_tokens(const struct layout *layout, const struct scene *scene,
                      struct token tokens[PLACE_MAX])
{
    struct stands stands = {0};
    size_t in_flight = messages_in_flight(scene->messages);
    unsigned count = 0;
    for (size_t i = 0; i < in_flight && count < PLACE_MAX; i++) {
        const struct message *message = messages_at(scene->messages, i);
        struct stand *stand =
            find_stand(&stands, layout_carrier_tokens(layout, scene, message->carrier));
        if (!stand)
            continue;
        tokens[count] = (struct token){
            .number = message->number, .bytes = message->bytes, .activity = message->activity};
        seat(stand, tokens, count++);
    }
    return count;
}
