import LabSupport
import Testing

/// The use of a builder, by buildx through the proxy of one installation.
@Suite(.installedOnceToHold) enum Builds {}
