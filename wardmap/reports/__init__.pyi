from .disclosure.release import Release as Release
from .disclosure.release import disclose as disclose
from .disclosure.release import release as release
from .disclosure.rule import DisclosureRule as DisclosureRule
