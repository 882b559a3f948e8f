from .district_map import ward_map as ward_map
from .map_set import save_map_set as save_map_set
from .offline import save_map as save_map
from .side_by_side import compare_maps as compare_maps
