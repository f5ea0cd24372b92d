//! packetcheck's own three ways through a packet.
