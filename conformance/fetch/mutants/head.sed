# model/ring/split/split_device.c: a head is loaded again once it was checked
/return head_wrong(q, head, why);/a\
	head = gmem_load16(q->at.avail + SPLIT_RING +\
			   2u * (q->avail_idx \& (q->size - 1u)));
