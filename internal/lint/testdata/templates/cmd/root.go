package cmd

import (
	"reflect"
	"text/template" // want "text/template"

	"github.com/spf13/cobra"
)

func root() *cobra.Command {
	c := &cobra.Command{Version: "1"}
	c.SetVersionTemplate("x") // want "SetVersionTemplate"
	c.SetUsageFunc(nil)
	return c
}

func method(v reflect.Value) reflect.Value { return v.MethodByName("x") } // want "MethodByName"

var _ *template.Template
