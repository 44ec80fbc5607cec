# model/ring/split/split_driver.c: a used element's id is loaded again likewise
/return take_wrong(q, id, written, why);/a\
	id = gmem_load32(element);
