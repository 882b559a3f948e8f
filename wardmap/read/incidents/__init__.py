"""Files of incidents -> the incidents table."""
