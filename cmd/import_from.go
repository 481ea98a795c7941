package cmd

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"assume-role/internal/creds"
	"assume-role/internal/fault"
	"assume-role/internal/keystore"
	"assume-role/internal/nearest"
)

// importFrom copies the keys that another tool keeps. That tool goes on working
// as before.
func (a *app) importFrom(ctx context.Context, opts *importOptions) error {
	if !slices.Contains(keystore.Tools(), opts.from) {
		return usage("--from %q: %s", opts.from, nearest.OneOf(keystore.Tools(), opts.from))
	}
	tool, err := a.openTool(ctx, opts)
	if err != nil {
		return err
	}
	names := opts.profiles
	if len(names) == 0 {
		names = tool.Names()
	}
	keys, err := a.toolKeys(tool, opts, slices.Compact(slices.Sorted(slices.Values(names))))
	if err != nil {
		return err
	}
	if len(keys) == 0 {
		_, err := fmt.Fprintf(a.host.Out, "no long-lived access key is in the %s store of %s\n", tool.Backend(), opts.from)
		return err
	}
	c := &copying{app: a, tool: tool, keys: keys}
	if err := c.decide(ctx, opts); err != nil {
		return err
	}
	if opts.dryRun {
		return c.show(opts.from)
	}
	return c.run(ctx, opts)
}

// copying takes another tool's keys into the key store.
type copying struct {
	*app
	tool  *keystore.Tool
	keys  []namedKey
	files *plainFiles
	// kept are the profiles that go on asking the other tool.
	kept []string
}

// decide finds the profiles that ask the other tool, and what they are to ask.
// No edit is written yet.
func (c *copying) decide(ctx context.Context, opts *importOptions) (err error) {
	if c.files, err = c.plainFiles(); err != nil {
		return err
	}
	asking := map[string]place{}
	for _, k := range c.keys {
		if at, ok := c.files.asking(opts.from, k.profile); ok {
			asking[k.profile] = at
			c.kept = append(c.kept, k.profile)
		}
	}
	if len(asking) == 0 || opts.noProcess || opts.dryRun && !opts.process {
		return nil
	}
	if !opts.process {
		question := fmt.Sprintf("Have the credential_process of %s ask assume-role in the place of %s?", few(c.kept), opts.from)
		if opts.process, err = c.askProcess(ctx, question); err != nil || !opts.process {
			return err
		}
	}
	c.kept = nil
	for name, at := range asking {
		if err := at.setProcess(name); err != nil {
			return err
		}
	}
	return nil
}

// show is what would be done.
func (c *copying) show(from string) error {
	if err := c.sayCopied(c.keys, "would copy key %s of profile %q from "+from+"\n"); err != nil {
		return err
	}
	return c.showDiffs(c.files)
}

func (c *copying) run(ctx context.Context, opts *importOptions) error {
	backend, err := c.storeKeys(ctx, c.keys, opts.replace)
	if err != nil {
		return err
	}
	if err := c.save(c.files); err != nil {
		return err
	}
	for _, k := range c.keys {
		c.noteUnused(k.profile, k.key.AccessKeyID)
	}
	c.noteCopies(opts.from)
	return c.sayCopied(c.keys, "copied key %s of profile %q from "+opts.from+" into the "+backend+" key store\n")
}

// noteCopies says how the other tool's copies are removed. granted takes the
// profile out of the config file with the key, where it asks granted.
func (c *copying) noteCopies(from string) {
	text := from + " keeps its copies: once you have tried these, take them out with `" + c.tool.Removal() + "`"
	if len(c.kept) > 0 {
		text += fmt.Sprintf("; before that, take the credential_process that calls %s out of %s", from, few(c.kept))
	}
	c.note(text)
}

func (a *app) sayCopied(keys []namedKey, format string) error {
	var text strings.Builder
	for _, k := range keys {
		fmt.Fprintf(&text, format, oneLine(k.key.AccessKeyID), k.profile)
	}
	_, err := fmt.Fprint(a.host.Out, text.String())
	return err
}

// toolKeys reads the keys of those names. What is something else is left out
// with a line, unless it was named.
func (a *app) toolKeys(tool *keystore.Tool, opts *importOptions, names []string) ([]namedKey, error) {
	var keys []namedKey
	for _, name := range names {
		key, err := tool.Key(name)
		switch nothing := errors.Is(err, keystore.ErrDamaged) || errors.Is(err, keystore.ErrNotFound); {
		case nothing && len(opts.profiles) > 0:
			return nil, fault.New(fault.NoCredentials, "%s keeps no long-lived access key of that name in its %s store", opts.from, tool.Backend()).In(name).
				Fix("its store lists: %s", few(tool.Names()))
		case nothing:
			a.note(fmt.Sprintf("%s keeps something else than a long-lived access key under %q: left out", opts.from, name))
			continue
		case err != nil:
			return nil, err
		}
		if err := checkKey(key); err != nil {
			return nil, err.In(name)
		}
		keys = append(keys, namedKey{name, key})
	}
	return keys, nil
}

func (a *app) openTool(ctx context.Context, opts *importOptions) (*keystore.Tool, error) {
	config, err := a.config()
	if err != nil {
		return nil, err
	}
	files, err := a.files()
	if err != nil {
		return nil, err
	}
	return keystore.OpenTool(ctx, opts.from, keystore.ToolOptions{
		Home: files.Home, Env: a.host.Getenv,
		Known: func(name string) bool { return config.Has(name) || slices.Contains(opts.profiles, name) },
		Ask: func(folder string) (creds.Secret, error) {
			tty, err := a.openTerminal("the passphrase of "+opts.from+" for "+folder, "run it where there is one")
			if err != nil {
				return "", err
			}
			defer tty.Close()
			return tty.AskSecret(ctx, fmt.Sprintf("Passphrase of %s for %s: ", opts.from, folder))
		},
	})
}
