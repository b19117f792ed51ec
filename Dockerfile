# payporter-mock as an image: a static binary, the authorities it trusts, and nothing else.
FROM golang:1.26 AS build
ARG SHOP=./testdata/merchants/go
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
# With .git, so that the build records the version.
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags="-s -w -buildid=" -o /out/ ./cmd/payporter-mock && \
    CGO_ENABLED=0 go build -trimpath -ldflags="-s -w -buildid=" -o /out/shop "$SHOP"

# The example shop, for docker-compose.yml.
FROM scratch AS shop
COPY --from=build /out/shop /shop
USER 65532:65532
EXPOSE 3000
ENTRYPOINT ["/shop"]

# The sandbox. It comes last, so that it is what is built without a target.
FROM scratch
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="payporter-mock" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.description="A sandbox of PayPorter's hosted checkout, for tests" \
      org.opencontainers.image.licenses="Apache-2.0"
# Callbacks may go to https URLs.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /out/payporter-mock /payporter-mock
# Nobody in particular.
USER 65532:65532
ENV PAYPORTER_MOCK_ADDR=0.0.0.0:8080
EXPOSE 8080
HEALTHCHECK --interval=5s --timeout=4s --start-period=2s --retries=3 CMD ["/payporter-mock", "healthcheck"]
ENTRYPOINT ["/payporter-mock"]
CMD ["serve"]
