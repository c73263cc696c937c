// SPDX-License-Identifier: BSL-1.0
// 1024 words to be read aloud, ten bits each. Part of the protocol: both ends need the same list in the same order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "../core/abi.hpp"

namespace sotto::inline SOTTO_ABI::noise::detail {

/// Common English words of 3 to 8 letters in alphabetical order, a space behind each. No two differ by one letter only,
/// or by two that changed places, and none is another one's beginning: a test checks that.
inline constexpr std::string_view spoken_words =
    "abacus abbey absent acid acorn acrobat actor adapt address admiral advice aerial afraid agenda agile album "
    "alcove algebra alibi alley almond alpaca amber amuse anchor animal ankle anthem apple apricot apron arcade "
    "archer arctic aroma arrow artist aspen asphalt athlete atlas atom attic auction autumn avenue avocado awning "
    "axle bacon badge bagpipe bakery balcony ballad balloon bamboo banana bandit banjo banner barber bargain "
    "barley barrel basil basket bathtub battery bazaar beaver bedroom beehive beetle belfry belt bench beret "
    "bicycle biscuit bison blanket blazer blossom bonfire bonnet bottle boulder bouquet bowling boxer bramble "
    "branch brass breeze bridge brief bronze broom brother brush bubble bucket buckle budget buffalo bugle builder "
    "bumper burger burrow butcher butter button buzzard cabbage cabin cactus cafe camel camera canary candle "
    "cannon canoe canvas captain caramel caravan cargo carpet cartoon casino castle catalog catfish cavern ceiling "
    "celery cement century ceramic cereal chalk chapel chariot cheese chemist cherry chess chicken chimney chisel "
    "chorus chowder cider cinema circus citizen clay cliff climate clinic clock cloud clover clown cobalt cobra "
    "cockpit coconut coffee collar comet comic compass concert condor convoy cookie copper coral cork cosmos "
    "costume cottage cotton cougar cousin cowboy coyote cradle crater crayon cream cricket crimson crocus crowd "
    "crumb crystal cube cuckoo curry curtain cushion custard cyclone cymbal cypress dairy dancer darling dawn "
    "deacon debate decade decimal decoy degree delta dentist depot detail diagram dialect diamond diesel dinner "
    "diploma disco dishes diver doctor dolphin domino donkey dragon drawer drizzle drum duchess duck dungeon "
    "dynamo eagle earring earth easel echo eclipse editor effort elastic elbow elder embassy emblem emerald "
    "emperor empire enamel engine enigma episode equator eraser errand escort essay estate evening exhibit exit "
    "expert express eyebrow fabric factory falcon family famous fashion father faucet fence ferry fiddle field "
    "figure filter finger finish fireman flag flame flannel fleet flipper florist flute foam folder forest formula "
    "fortune fossil fragile freckle freedom freight friday frost fruit funnel furnace future gable gadget galaxy "
    "gallery gallon garage garden garlic garment gazelle general genius geyser giant giraffe glacier glass glider "
    "glitter globe goblin golden gondola goose gorilla gossip granite grape gravel gravy griffin grocery ground "
    "guest guitar gymnast habit haircut halibut halo hammer hammock hamster harmony harness harp harvest hatchet "
    "heather helmet herb hermit heron hexagon hickory highway history hobby hockey holiday honey horizon hornet "
    "horse hostel hunter hurdle husband hydrant hyena iceberg icicle igloo iguana image impulse incense index "
    "indigo infant inkwell insect invoice iris iron island item ivory jacket jackpot jaguar january jasmine "
    "javelin jazz jelly jersey jester jewel jigsaw joker journal journey jubilee judge juggler juice july jumbo "
    "jungle juniper justice karate kayak kebab kennel kettle kidney kingdom kiosk kitchen kitten kiwi knuckle "
    "koala lacquer ladder lagoon lantern laptop lasagna laser lattice laundry lava lawyer lecture legend lemon "
    "lentil leopard letter lettuce library license light lilac limit linen lion liquid lizard llama lobster locket "
    "logic lottery lotus lounge lullaby lumber lunch lyric machine magic magnet mailbox mammoth mango maple marble "
    "margin mariner market maroon marsh mascot meadow melody melon member memory menu mercury mermaid message "
    "meteor microbe milk mineral miracle mirror mission mixture model monarch monday monsoon morning mosaic mother "
    "motor mouse muffin museum music muskrat mystery napkin nation native nature navy nectar needle nephew nerve "
    "neutron newborn nickel nimbus noble noodle north nougat novel nozzle nugget nurse nutmeg nylon oasis oatmeal "
    "object oboe ocean octagon october octopus office olive onion opal opera opinion orange orbit orchard orchid "
    "oregano organ origami ostrich otter outline oven oxygen oyster package paddle padlock palace panda panel "
    "panther papaya paper paprika parade parcel parrot parsley partner pastry pasture patio patrol peacock peanut "
    "pebble pelican pencil penguin pension pepper perfume petunia photo piano piccolo pickle picnic picture pigeon "
    "pillow pilot pinball pioneer pirate piston pitcher pizza planet plaster plateau player plaza plum plywood "
    "podium polar police polka pollen polo pony popcorn poppy porch portal poster postman potato powder prairie "
    "prelude premium present pretzel prince prism problem program promise proverb pudding pulley pulse pumpkin "
    "pupil puppet purple puzzle pyramid python quail quality quarry quarter quartz queen quiche quilt quiver "
    "rabbit raccoon racer radar radio radish raft railway rainbow raisin rally random rapid rattle raven razor "
    "recipe record reef referee refuge region remedy rental reptile rescue resin resort result rhino rhubarb "
    "rhythm ribbon rice ripple ritual roast robin robot rodeo roller roof rooster rosebud rowboat royal rubber "
    "ruby rudder ruler rumble runway russet safari safety saffron sailor salad salmon salute sample sandal sandbox "
    "sardine satchel satin sausage savanna sawdust scale scallop scarf school science scooter scout screen scribe "
    "script seagull season seaweed secret sector sedan senator sentry sequoia sesame seven shadow shampoo shark "
    "sheep shelf shelter sheriff shield shovel shower shrimp shrub shutter sign silence silver simmer siren sister "
    "skate sketch skillet skunk slalom sled sleeve slogan slope smoke snack snail snowman soap soccer socks sofa "
    "soldier sonata soprano sorbet spaniel sparrow spatula speaker sphere spice spider spinach spiral sponge spoon "
    "spring spruce squash squid stable stadium stage stamp stapler station statue steam steeple stencil stereo "
    "sticker stitch stomach storm stove street student studio suburb subway sugar suitcase sultan sunday sunrise "
    "sunset surfer surprise swallow swan sweater swift symbol symptom syrup system tablet tadpole talent tapestry "
    "target tassel taxi teacher teapot temple tempo tennis tent terrace thermos thimble thirteen thistle thorn "
    "thread throne thumb thunder thursday ticket tiger tile timber tinsel tissue titan toad tomato tongue tonic "
    "toolbox topaz tornado tortoise total toucan tourist towel tractor traffic trailer tram trapeze treasure "
    "trellis trench triangle tribe trident trifle trigger trinket trolley trombone trophy trouble trousers truffle "
    "trumpet trunk tuba tuesday tugboat tulip tunafish tundra turban turkey turnip turtle tutor tuxedo twelve "
    "twenty twilight twin typhoon ukulele umbrella uncle unicorn uniform universe upstairs uranium urchin usher "
    "utensil vacuum valet vampire vanilla vase vault vehicle velvet vendor veranda verdict vessel vest veteran "
    "viaduct victory video villa vine violet violin visitor vitamin vocal volcano volume voucher voyage vulture "
    "wafer waffle wagon wagtail waiter wallet walnut walrus wardrobe washer wasp watch wealth wedding weekend "
    "welcome western wheat whisk wick windmill window winter wire wisdom wolf wombat wonder wooden wool workshop "
    "world wreath wrestler yacht yard yeast yellow yoga yogurt zebra zenith zero zigzag zinc zipper zodiac zombie "
    "zucchini ";

inline constexpr std::size_t spoken_word_count = 1024;

/// The word of a number below spoken_word_count.
constexpr std::string_view spoken_word(std::uint32_t number) noexcept {
  std::string_view rest = spoken_words;
  for (; number != 0; --number) rest.remove_prefix(rest.find(' ') + 1);
  return rest.substr(0, rest.find(' '));
}

}  // namespace sotto::inline SOTTO_ABI::noise::detail
