import LabSupport
import Testing

/// What people do with a builder, by buildx through the proxy of one installation.
@Suite(.installedOnceToHold) enum Builds {}
