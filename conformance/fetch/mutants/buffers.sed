# model/guest/net_driver_rx.c: so is the number of a packet's buffers
/message = d->gifts && a.slot/i\
	if (d->hdr_len >= NET_HDR_COMMON)\
		count = gmem_load16(\
			a.bytes + offsetof(struct virtio_net_hdr, num_buffers));
