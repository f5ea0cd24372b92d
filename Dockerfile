# The command `packetcheck`:
#   docker build --tag packetcheck .
#   docker run --rm --volume "$PWD:/work:ro" packetcheck check .
FROM rust:1-slim-trixie AS build
WORKDIR /source
COPY . .
RUN cargo install --locked --path . --root /opt/packetcheck

FROM debian:trixie-slim
COPY --from=build /opt/packetcheck/bin/packetcheck /usr/local/bin/packetcheck
WORKDIR /work
USER nobody
ENTRYPOINT ["packetcheck"]
