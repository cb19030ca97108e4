import LabSupport
import SessionSupport
import Testing

/// A wizard of the built program: its pages from the first one to the review.
struct WizardWalk: Sendable, CustomTestStringConvertible {
    /// A page, and what leads to it from the page before.
    struct Stop: Sendable {
        let page: String
        /// A key of the page before; nil: that to the next page.
        var key: String?
        /// The text that the mouse clicks there.
        var target: String?
        /// What is typed on this page.
        var text = ""
        /// What it shows once the cluster has been read.
        var signs: [String] = []
    }

    let name: String
    /// The command that opens it.
    let verb: String
    let stops: [Stop]
    /// What its kubectl and helm answer from; nil: the machine has no tools.
    let cluster: StandInCluster?

    var testDescription: String { name }

    private init(_ name: String, _ pages: String...) {
        (self.name, verb, cluster) = (name, name, nil)
        stops = pages.map { Stop(page: $0) }
    }

    /// One that opens on the start page.
    private init(_ name: String, pods: Int = 1, _ stops: [Stop], _ pages: String...) {
        (self.name, verb, cluster) = (name, "start", StandInCluster(pods: pods))
        let home = Stop(
            page: "BuildKit installer", signs: ["not set", "deployed", pods > 0 ? "Sleep" : "Wake"])
        self.stops = [home] + stops + pages.map { Stop(page: $0) }
    }

    private static let clients = Stop(page: "Clients", key: "c", target: "Clients")

    static let all = [
        WizardWalk(
            "install", "Install BuildKit", "Checks", "Address", "Certificates", "Namespace and release",
            "Builder", "Registration", "Review"),
        WizardWalk(
            "rotate", "Rotate certificates", "Checks", "Installation", "Current certificates", "Rotation",
            "Review"),
        WizardWalk("uninstall", "Uninstall BuildKit", "Checks", "Installation", "Components", "Review"),
        WizardWalk(
            "sleep", [Stop(page: "Scale BuildKit to zero", key: "z", target: "Sleep")], "Checks",
            "Installation", "Review"),
        WizardWalk(
            "wake", pods: 0, [Stop(page: "Wake BuildKit", key: "w", target: "Wake")], "Checks",
            "Installation", "Review"),
        WizardWalk(
            "client-add", [clients, Stop(page: "Client", key: "a", target: "a add", text: "bob")],
            "Add a client", "Checks", "Client", "Installation", "Review"),
        WizardWalk(
            "client-renew", [clients, Stop(page: "Renew a client", key: "n", target: "n renew")],
            "Checks", "Client", "Installation", "Review"),
        WizardWalk(
            "client-revoke", [clients, Stop(page: "Revoke a client", key: "R", target: "R revoke")],
            "Checks", "Revocation", "Installation", "Review"),
    ]

    /// Runs `body` with a machine of its own.
    func withLaptop<Result>(_ body: (Laptop) async throws -> Result) async throws -> Result {
        try await withBareLaptop { laptop in
            try cluster?.serve(laptop)
            return try await body(laptop)
        }
    }
}
