import FoundationEssentials
import Glibc
@testable import Installer
import Testing

struct TemporaryDirectoryTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func directory() -> TemporaryDirectory {
        TemporaryDirectory(nonce: UUID().uuidString.lowercased(), environment: ["TMPDIR": folder.path])
    }

    private func name(of directory: TemporaryDirectory) -> String {
        String(directory.path.split(separator: "/").last ?? "")
    }

    /// As if it had been made that long ago. A link is not followed.
    private func age(_ path: String, hours: Int) {
        let then = timespec(tv_sec: time(nil) - hours * 3600, tv_nsec: 0)
        #expect(utimensat(AT_FDCWD, path, [then, then], AT_SYMLINK_NOFOLLOW) == 0)
    }

    /// As a run leaves it that was killed two days ago: without a lock.
    private func abandoned(_ name: String? = nil, isMarked: Bool = true, hours: Int = 48) throws -> String {
        let name = name ?? "buildkit-installer.\(UUID().uuidString.lowercased())"
        try folder.write("x", to: "\(name)/0/values.yaml")
        if isMarked { try folder.write("", to: "\(name)/.buildkit-installer") }
        #expect(chmod("\(folder.path)/\(name)", 0o700) == 0)
        age("\(folder.path)/\(name)", hours: hours)
        return name
    }

    private func startAnother() throws {
        let next = directory()
        try next.make()
        next.remove()
    }

    @Test func itIsItsOwnersAloneAndGoes() throws {
        let directory = directory()
        try directory.make()
        #expect(try folder.mode(of: name(of: directory)) == 0o700)
        directory.remove()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
    }

    /// Another user may have made it, and may change what is in it.
    @Test func aFolderThatExistsIsNotUsed() throws {
        let directory = directory()
        try folder.write("theirs", to: "\(name(of: directory))/file")
        let failure = #expect(throws: InstallerError.self) { try directory.make() }
        #expect(failure?.message == "\(directory.path) could not be created")
        #expect(try folder.text(of: "\(name(of: directory))/file") == "theirs")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path) == ["file"])
        // Nor is a link, wherever it leads.
        let linked = self.directory()
        try FileManager.default.createSymbolicLink(
            atPath: linked.path, withDestinationPath: "\(folder.path)/missing")
        #expect(throws: InstallerError.self) { try linked.make() }
        #expect(!folder.holds("missing"))
    }

    @Test(arguments: [[:], ["TMPDIR": ""]] as [[String: String]])
    func withoutAVariableItIsInTheUsualPlace(environment: [String: String]) {
        #expect(TemporaryDirectory(nonce: "n", environment: environment).path == "/tmp/buildkit-installer.n")
    }

    @Test func thatOfAKilledRunGoesWithALaterOne() throws {
        let left = try abandoned()
        // It may be that of a run on another host, whose lock is not known here.
        let young = try abandoned(hours: 23)
        try startAnother()
        #expect(!folder.holds(left))
        #expect(folder.holds(young))
    }

    @Test func thatOfARunAtWorkStays() throws {
        let first = directory()
        try first.make()
        age(first.path, hours: 48)
        try startAnother()
        #expect(FileKind(first.path) == .folder)
        first.remove()
        #expect(FileKind(first.path) == nil)
    }

    /// Some file systems have no locks, and a process may have no descriptor left.
    @Test func thatOfARunWithoutALockStays() throws {
        let first = directory()
        try first.make { _ in
            errno = ENOLCK
            return false
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: first.path) == [])
        age(first.path, hours: 48)
        try startAnother()
        #expect(FileKind(first.path) == .folder)
        first.remove()
        #expect(FileKind(first.path) == nil)
    }

    @Test func whatIsNotProvenToBeOursStays() throws {
        let others = [
            try abandoned("buildkit-installer.notes", isMarked: false),
            // An earlier version locks nothing.
            try abandoned("buildkit-installer-\(UUID().uuidString.lowercased())"),
            try abandoned("precious"),
        ]
        let open = try abandoned()
        #expect(chmod("\(folder.path)/\(open)", 0o755) == 0)
        let unmarked = try abandoned(isMarked: false)
        let link = "buildkit-installer.\(UUID().uuidString.lowercased())"
        try FileManager.default.createSymbolicLink(
            atPath: "\(folder.path)/\(link)", withDestinationPath: "\(folder.path)/precious")
        age("\(folder.path)/\(link)", hours: 48)
        try startAnother()
        for name in others + [open, unmarked, link] {
            #expect(folder.holds("\(name)/0/values.yaml"), "\(name)")
        }
    }
}
