import MutualTLS

// What a rotation has to know beyond what an install asks.

extension Facts {
    /// New certificates that were made and are not in use yet.
    public struct Renewal: Equatable, Sendable {
        public var order: RenewalOrder
        /// Whether the proxy's own are still to be put into place.
        public var serverWaits: Bool
        public var inspection: Inspection

        public init(order: RenewalOrder, serverWaits: Bool, inspection: Inspection) {
            self.order = order
            self.serverWaits = serverWaits
            self.inspection = inspection
        }
    }
}
