"""Words of which clones are named: colours, stuffs and landscapes; plants, birds and waters.

Only plain words that say nothing of people, places or illness. Another list gives new clones other
names; a clone that a registry knows keeps its own.
"""

FIRST_WORDS = """
    amber apricot aspen autumn azure basalt birch blue brass bright bronze brown calm canyon
    carmine cedar cerulean chalk cherry chestnut cinnamon citrine clay clear cloudy cobalt
    copper coral cotton cream crimson crystal cyan dawn desert distant dune early ebony emerald
    evening fair fallow fern flint forest frosty garnet gentle ginger glacier golden granite
    grassy green harbour hazel heather honey indigo inland iron island ivory jade jasper khaki
    lagoon lake lapis lavender lemon level lilac linen long lunar magenta mahogany marble maroon
    meadow mellow midday misty mossy mountain narrow navy northern ochre olive onyx opal orange
    orchard pearl pebble pewter pine plain plum polar prairie purple quartz quiet rainy red reed
    ridge river round ruby russet rustic saffron sage sandy sapphire scarlet sepia shady shale
    sienna silken silver slate snowy soft southern spring still summer sunny tall tawny teal
    terrace tidal timber topaz tundra turquoise umber upland valley velvet vermilion violet
    walnut warm western wheat white wide willow winter wooded yellow
""".split()  # noqa: SIM905 (a paragraph reads better than 350 lines)

SECOND_WORDS = """
    acacia alder almond apple arbutus avocet badger balsam bamboo barley basil basin beacon
    beech bittern bluff boulder bracken bramble bridge brook bunting buttress cactus canal canoe
    cape caper cardinal carob cascade chicory citron cliff clover coast comet condor coot cove
    crane creek cress crossbill curlew cypress daisy dale delta dipper dolmen dove dunlin eagle
    egret elder elm estuary falcon fennel ferry field finch fir fjord flamingo flax fountain
    fulmar gannet gazelle geyser glade godwit gorse grebe grosbeak grove gull hamlet harrier
    hawk heron hickory hill hollow holly hoopoe hornbeam ibis inlet iris islet ivy jackdaw
    jasmine jay juniper kestrel kite knoll lantern larch lark laurel ledge lily linden linnet
    loon lotus lupin magpie mallow maple marsh martin merlin mesa mill mimosa mirror moor
    moraine myrtle nettle nutmeg oak oasis orchid oriole osprey otter ouzel oxbow palm pampas
    pelican petrel pier pipit plateau plover poplar poppy puffin quail quince raven reef robin
    rook rowan rush saddle salmon sandpiper sedge sequoia shore shrike siskin skua snipe sorrel
    spruce spur starling stork strait summit swallow swan swift sycamore tamarisk tansy tern
    thistle thrush thyme toucan trogon turnstone viola wagtail warbler waxwing weir wheatear
    wren yarrow yew
""".split()  # noqa: SIM905 (a paragraph reads better than 350 lines)
